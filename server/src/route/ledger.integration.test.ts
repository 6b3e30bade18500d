import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

async function until<Value>(look: () => Promise<Value | null>): Promise<Value> {
  for (;;) {
    const value = await look();
    if (value !== null) return value;
    await sleep(50);
  }
}

async function ended(runId: string) {
  return until(async () => {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    return json.finishedAt === null ? null : json;
  });
}

const recording = `---
datacraft: 1
title: Recording
schedule:
  every: 1 week
---

\`\`\`sql recorded
---
materialize: incremental
strategy: replace_interval
time_column: at
interval: day
start: 2026-01-01
---
select timestamp '2026-01-01' + range * interval 1 day as at from range(10)
\`\`\`
`;

describe('the ledger of intervals', () => {
  it('says what a table has and lacks, and a backfill fills exactly the hole', async () => {
    const type = { 'content-type': 'text/markdown' };
    const { json: book } = await owner.call('POST', '/notebooks/import', recording, type);
    expect((await owner.call('POST', `/notebooks/${book.id}/publish`)).status).toBe(200);
    const run = await owner.call('POST', `/notebooks/${book.id}/schedule/run`);
    expect((await ended(run.json.runId)).state).toBe('succeeded');
    const whole = await owner.call('GET', '/tables/silver/recorded/intervals');
    expect(whole.json).toMatchObject({ cell: 'recorded', unit: 'day', missingCount: 0, missing: [] });
    expect(whole.json.covered).toHaveLength(1);

    await test.database.pool.query(
      `delete from intervals where name = 'recorded' and start_at in ('2026-01-04Z', '2026-01-05Z')`,
    );
    const holed = await owner.call('GET', '/tables/silver/recorded/intervals');
    expect(holed.json.missing).toEqual([{ start: '2026-01-04T00:00:00.000Z', end: '2026-01-06T00:00:00.000Z' }]);
    const range = { from: '2026-01-01', to: '2026-01-11' };
    const dry = await owner.call('POST', `/notebooks/${book.id}/backfills`, { ...range, dryRun: true });
    expect(dry.json.windows.map((window: { start: string }) => window.start.slice(0, 10))).toEqual([
      '2026-01-04',
      '2026-01-05',
    ]);
    expect(dry.json).toMatchObject({ done: 8, tables: [{ table: 'silver.recorded', missingCount: 2 }] });

    const { json } = await owner.call('POST', `/notebooks/${book.id}/backfills`, range);
    await until(async () => {
      const all = await owner.call('GET', '/backfills');
      return (
        all.json.find((each: { id: string; state: string }) => each.id === json.id && each.state === 'done') ?? null
      );
    });
    expect((await owner.call('GET', '/tables/silver/recorded/intervals')).json.missingCount).toBe(0);
    const again = await owner.call('POST', `/notebooks/${book.id}/backfills`, { ...range, dryRun: true });
    expect([again.json.windows, again.json.done]).toEqual([[], 10]);
  }, 60_000);

  it('shows a partial interval apart, in the plan before it is made too, and a backfill takes it for missing', async () => {
    const partial = recording
      .replaceAll('recorded', 'under_way')
      .replace('interval: day', 'interval: year\nallow_partials: true')
      .replace('start: 2026', 'start: 2024');
    const { json: book } = await owner.call('POST', '/notebooks/import', partial, { 'content-type': 'text/markdown' });
    const planned = async () => (await owner.call('POST', `/notebooks/${book.id}/plan`, {})).json.cells[0];
    const years = new Date().getUTCFullYear() - 2024;
    const whole = await planned();
    expect(whole).toMatchObject({
      action: 'run',
      intervals: years + 1,
      partial: { start: `${2024 + years}-01-01T00:00:00.000Z` },
    });
    const run = await owner.call('POST', `/notebooks/${book.id}/runs`);
    expect((await ended(run.json.runId)).state).toBe('succeeded');
    expect(await planned()).toMatchObject({ action: 'skip', intervals: 0, partial: null });
    const { json: ledger } = await owner.call('GET', '/tables/silver/under_way/intervals');
    expect(ledger).toMatchObject({ coveredCount: years, partialCount: 1, partial: [whole.partial], missing: [] });
    expect((await owner.call('POST', `/notebooks/${book.id}/publish`)).status).toBe(200);
    const range = { from: '2024-01-01', to: whole.partial.end, dryRun: true };
    const { json: dry } = await owner.call('POST', `/notebooks/${book.id}/backfills`, range);
    expect([dry.windows, dry.done]).toEqual([[{ ...whole.partial, why: 'missing' }], years]);
  }, 60_000);

  it('is null for a table that keeps no record', async () => {
    const text = '---\ndatacraft: 1\ntitle: Plain\n---\n\n```sql unrecorded\nselect 1 as a\n```\n';
    const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
    const run = await owner.call('POST', `/notebooks/${json.id}/runs`);
    await ended(run.json.runId);
    expect((await owner.call('GET', '/tables/silver/unrecorded/intervals')).json).toBeNull();
    expect((await owner.call('GET', '/tables/silver/no_such/intervals')).status).toBe(404);
  });
});

describe('a schedule that pauses itself', () => {
  it('tells whoever set it, once, and says why', async () => {
    const text = "---\ndatacraft: 1\ntitle: Broken\n---\n\n```sql breaks\nselect error('no') as a\n```\n";
    const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
    const schedule = { every: '1 second', pause_after: 1 };
    await owner.call('PUT', `/notebooks/${json.id}/schedule`, { schedule });
    const told = await until(async () => {
      const all = await owner.call('GET', '/notifications');
      return all.json.find((each: { notebook: { id: string } }) => each.notebook.id === json.id) ?? null;
    });
    expect(told).toMatchObject({ kind: 'schedule-paused', threadId: null, readAt: null });
    expect(told.body).toContain('1 runs in a row failed');
    await sleep(1_500);
    const all = await owner.call('GET', '/notifications');
    expect(all.json.filter((each: { kind: string }) => each.kind === 'schedule-paused')).toHaveLength(1);
  }, 30_000);
});

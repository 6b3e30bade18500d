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

const inputs = ['start', 'end']
  .map((end) => `\`\`\`input interval_${end}\ntype: date\ndefault: 2020-01-01\n\`\`\`\n`)
  .join('\n');
const daily = (name: string, sql: string) => `---
datacraft: 1
title: Daily
---

${inputs}
\`\`\`sql ${name}
---
materialize: incremental
strategy: append
---
${sql}
\`\`\`

\`\`\`sql ${name}_total
select count(*) as n from ${name}
\`\`\`
`;

async function published(text: string): Promise<string> {
  const type = { 'content-type': 'text/markdown' };
  const { json } = await owner.call('POST', '/notebooks/import', text, type);
  expect((await owner.call('POST', `/notebooks/${json.id}/publish`)).status).toBe(200);
  return json.id;
}

async function ended(id: string) {
  for (;;) {
    const { json } = await owner.call('GET', '/backfills');
    const found = json.find((each: { id: string }) => each.id === id);
    if (found.state === 'done' || found.state === 'cancelled') return found;
    await sleep(50);
  }
}

describe('a backfill', () => {
  it('plans first, runs each window once bound to its interval, and leaves out what is done', async () => {
    const id = await published(daily('days', 'select $interval_start as day, $interval_end as until'));
    const range = { from: '2026-01-01', to: '2026-01-05', select: ['days'] };
    const dry = await owner.call('POST', `/notebooks/${id}/backfills`, { ...range, dryRun: true });
    expect(dry.json).toMatchObject({ id: null, done: 0, estimatedMs: null });
    expect(dry.json.windows).toHaveLength(4);
    const { json } = await owner.call('POST', `/notebooks/${id}/backfills`, range);
    expect(await ended(json.id)).toMatchObject({ state: 'done', counts: { succeeded: 4, failed: 0, waiting: 0 } });
    const days = await owner.call('POST', '/query', {
      sql: 'select day::text as day, until - day as n from silver.days order by 1',
    });
    expect(days.json.rows).toEqual(['01', '02', '03', '04'].map((day) => ({ day: `2026-01-${day}`, n: '1' })));
    const again = await owner.call('POST', `/notebooks/${id}/backfills`, { ...range, to: '2026-01-06', dryRun: true });
    expect([again.json.done, again.json.windows.length]).toEqual([4, 1]);
    expect(again.json.estimatedMs).toBeGreaterThan(0);
    const all = await owner.call('POST', `/notebooks/${id}/backfills`, { ...range, reprocess: 'all', dryRun: true });
    expect(all.json.windows.map((window: { why: string }) => window.why)).toEqual(['again', 'again', 'again', 'again']);
  }, 60_000);

  it('goes newest first when it is asked to, says so beforehand, and refuses cells that it would make wrong', async () => {
    const id = await published(daily('newest', 'select $interval_start as day'));
    const asked = (body: object) =>
      owner.call('POST', `/notebooks/${id}/backfills`, { from: '2026-01-01', to: '2026-01-04', ...body });
    const starts = ['03', '02', '01'].map((day) => `2026-01-${day}T00:00:00.000Z`);
    const startOf = ({ start }: { start: string }) => start;
    expect((await asked({ dryRun: true })).json).toMatchObject({ order: 'oldest_first' });
    const dry = await asked({ order: 'newest_first', dryRun: true });
    expect([dry.json.order, dry.json.windows.map(startOf)]).toEqual(['newest_first', starts]);
    const { json } = await asked({ order: 'newest_first' });
    expect((await ended(json.id)).counts.succeeded).toBe(3);
    const { rows } = await test.database.pool.query<{ at: Date }>(
      `select interval_start as at from runs where notebook_id = $1 order by created_at`,
      [id],
    );
    expect(rows.map(({ at }) => at.toISOString())).toEqual(starts);
    const whole = await published(
      daily('newest_day', 'select $interval_start as day').replace(/---\nmater[^]*?---\n/, ''),
    );
    const refused = await owner.call('POST', `/notebooks/${whole}/backfills`, {
      from: '2026-01-01',
      to: '2026-01-04',
      order: 'newest_first',
      dryRun: true,
    });
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining('the oldest would stay')]);
    expect((await asked({ order: 'random', dryRun: true })).status).toBe(400);
  }, 60_000);

  it('is held, goes on and is cancelled; failed windows can be done alone', async () => {
    const id = await published(
      daily('partly', `select 1 // (case when $interval_start = date '2026-01-02' then error('no') else 1 end) as x`),
    );
    const range = { from: '2026-01-01', to: '2026-01-04' };
    const { json } = await owner.call('POST', `/notebooks/${id}/backfills`, range);
    expect((await owner.call('POST', `/backfills/${json.id}/pause`)).json.state).toBe('paused');
    expect((await owner.call('POST', `/backfills/${json.id}/resume`)).json.state).toBe('running');
    expect((await ended(json.id)).counts).toMatchObject({ succeeded: 2, failed: 1 });
    const failed = await owner.call('POST', `/notebooks/${id}/backfills`, {
      ...range,
      reprocess: 'failed',
      dryRun: true,
    });
    expect(failed.json.windows).toMatchObject([{ start: '2026-01-02T00:00:00.000Z', why: 'failed' }]);
    const long = await owner.call('POST', `/notebooks/${id}/backfills`, { from: '2020-01-01', to: '2021-01-01' });
    expect((await owner.call('POST', `/backfills/${long.json.id}/cancel`)).json.state).toBe('cancelled');
    const { counts } = await ended(long.json.id);
    expect(counts.waiting).toBe(0);
    expect((await owner.call('POST', `/backfills/${long.json.id}/resume`)).json.code).toBe('conflict');
  }, 60_000);

  it('refuses what cannot be, and who may not', async () => {
    const id = await published(daily('refused', 'select 1 as x'));
    const asked = (body: object) => owner.call('POST', `/notebooks/${id}/backfills`, body);
    expect((await asked({ from: '2026-01-02', to: '2026-01-02' })).json.detail).toContain('empty');
    expect((await asked({ from: 'soon', to: '2026-01-02' })).json.detail).toContain('no date');
    expect((await asked({ from: '2000-01-01', to: '2026-01-01', every: '1 minute' })).json.detail).toContain('10000');
    expect((await asked({ from: '2026-01-01', to: '2026-01-02', select: ['nobody'] })).status).toBe(400);
    const viewer = await test.member('viewer');
    expect(
      (await viewer.call('POST', `/notebooks/${id}/backfills`, { from: '2026-01-01', to: '2026-01-02' })).status,
    ).toBe(403);
  });
});

describe('a run again', () => {
  it('asks which version: the original stays what it was, the latest is what is published now', async () => {
    const id = await published(daily('twice', 'select 1 as x'));
    const { json: run } = await owner.call('POST', `/notebooks/${id}/schedule/run`);
    const done = async (runId: string) => {
      for (;;) {
        const { json } = await owner.call('GET', `/runs/${runId}`);
        if (json.finishedAt !== null) return json;
        await sleep(50);
      }
    };
    const first = await done(run.runId);
    await owner.call('POST', `/notebooks/${id}/publish`);
    const original = await owner.call('POST', `/runs/${run.runId}/rerun`, { version: 'original' });
    const latest = await owner.call('POST', `/runs/${run.runId}/rerun`, { version: 'latest' });
    expect([first.version, (await done(original.json.runId)).version, (await done(latest.json.runId)).version]).toEqual(
      [1, 1, 2],
    );
    expect(await done(run.runId)).toEqual(first);
    const { json: details } = await owner.call('GET', `/runs/${run.runId}/details`);
    expect(details.attempts).toMatchObject([
      { cell: 'twice', attempt: 1 },
      { cell: 'twice_total', attempt: 1 },
    ]);
    expect(details.cells).toMatchObject([
      { cell: 'twice', dependsOn: [] },
      { cell: 'twice_total', dependsOn: ['twice'] },
    ]);
    const nothing = await owner.call('POST', `/runs/${run.runId}/rerun`, { version: 'original', failedOnly: true });
    expect(nothing.json.code).toBe('conflict');
  }, 40_000);
});

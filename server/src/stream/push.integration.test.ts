import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLake, databaseOf, loadTable } from '@datacraft/engine';
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

async function webhook(name: string, more = ''): Promise<string> {
  const text = `---\ndatacraft: 1\ntitle: ${name}\n---\n\n\`\`\`source ${name}\ntype: webhook\n${more}\`\`\`\n`;
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  return json.id;
}

const push = (source: string, body: unknown, who = owner, type = 'application/json') =>
  who.call('POST', `/streams/${source}/events`, body, { 'content-type': type });

async function run(id: string) {
  const { json } = await owner.call('POST', `/notebooks/${id}/runs`, {});
  for (;;) {
    const found = await owner.call('GET', `/runs/${json.runId}`);
    if (found.json.state !== 'queued' && found.json.state !== 'running') return found.json;
    await sleep(50);
  }
}

const rows = async (sql: string) => (await owner.call('POST', '/query', { sql })).json.rows;

describe('events pushed to a source', () => {
  it('come as one object, a list or a line each, and are the rows of the next run, each once (B1)', async () => {
    const id = await webhook('hooked', 'key: event_id\n');
    expect((await push('hooked', { event_id: 'a', total: 1 })).json).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: 0,
      errors: [],
    });
    expect(
      (
        await push('hooked', [
          { event_id: 'b', total: 2 },
          { event_id: 'a', total: 9 },
        ])
      ).json,
    ).toMatchObject({ accepted: 1, duplicates: 1 });
    const lines = '{"event_id":"c","total":3}\n{"event_id":"c","total":3}\n\n{"event_id":"d","total":4}\n';
    expect((await push('bronze.hooked', lines, owner, 'application/x-ndjson')).json).toMatchObject({
      accepted: 2,
      duplicates: 1,
    });
    expect((await run(id)).state).toBe('succeeded');
    await push('hooked', { event_id: 'e', total: 5 });
    expect((await run(id)).tasks[0]).toMatchObject({ state: 'succeeded' });
    expect((await run(id)).tasks[0]).toMatchObject({ state: 'skipped', reason: 'fresh' });
    const { rows: logged } = await test.server.deps.pool.query<{ last: string }>(
      `select max(seq)::text as last from stream_events where relation = 'bronze.hooked'`,
    );
    const table = await loadTable(databaseOf(test.server.deps.pool), createLake({ root: test.config.lakeUrl }), {
      layer: 'bronze',
      name: 'hooked',
    });
    expect(table?.summary['datacraft.offsets']).toBe(JSON.stringify(logged[0]?.last));
    expect(await rows('select event_id, total from bronze.hooked order by event_id')).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((event_id, at) => ({ event_id, total: `${at + 1}` })),
    );
  });

  it('H2 are rejected one by one with their place, and as a whole when none can be read', async () => {
    await webhook('partly', 'key: id\n');
    const some = await push('partly', '{"id":1}\n{"id":\n[1]\n{"x":1}\n', owner, 'application/x-ndjson');
    expect(some.json).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: 3,
      errors: [
        { event: 2, reason: 'it is not JSON' },
        { event: 3, reason: 'expected an object, got [1]' },
        { event: 4, reason: 'it has no id, the key of this source' },
      ],
    });
    expect(await push('partly', '{"x":1}')).toMatchObject({ status: 400, json: { code: 'bad-request' } });
    expect((await push('partly', '')).status).toBe(400);
  });

  it('keep the digits of their numbers, without a key each is new', async () => {
    const id = await webhook('digits');
    for (const body of ['{"n":12345678901234567890}', '[{"n":12345678901234567891}]', '[{"n":12345678901234567891}]'])
      await push('digits', body);
    await run(id);
    expect(await rows('select n::varchar as n from bronze.digits order by n')).toEqual(
      ['12345678901234567890', '12345678901234567891', '12345678901234567891'].map((n) => ({ n })),
    );
  });

  it('are for runners, and for a source that is there', async () => {
    await webhook('guarded');
    const viewer = await test.member('viewer');
    expect((await push('guarded', { a: 1 }, viewer)).status).toBe(403);
    expect((await push('guarded', { a: 1 }, test.anonymous())).status).toBe(401);
    const missing = await push('gaurded', { a: 1 });
    expect([missing.status, missing.json.detail]).toEqual([404, expect.stringContaining('did you mean guarded?')]);
    await webhook('twice');
    await webhook('twice');
    expect((await push('twice', { a: 1 })).status).toBe(409);
  });

  it('H1 lose none and double none when many push at once', async () => {
    const id = await webhook('crowd', 'key: id\n');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        push(
          'crowd',
          Array.from({ length: 50 }, (_none, n) => ({ id: (at % 10) * 50 + n })),
        ),
      ),
    );
    expect(answers.reduce((sum, { json }) => sum + json.accepted, 0)).toBe(500);
    await run(id);
    expect(await rows('select count(*)::int as n, count(distinct id)::int as d from bronze.crowd')).toEqual([
      { n: 500, d: 500 },
    ]);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { SeekTarget } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
}, 60_000);
afterAll(() => test.close());

async function started(name: string): Promise<string> {
  const text = `---\ndatacraft: 1\ntitle: ${name}\n---\n\n\`\`\`source ${name}\ntype: webhook\n\`\`\`\n`;
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  return (await owner.call('POST', `/notebooks/${json.id}/streams`, { cell: name, commitMs: 250 })).json.id;
}
const push = (name: string, ...ids: number[]) =>
  owner.call(
    'POST',
    `/streams/${name}/events`,
    ids.map((id) => ({ id })),
  );
const seek = (id: string, to: SeekTarget, confirm?: string) =>
  owner.call('POST', `/streams/${id}/seek`, confirm === undefined ? { to } : { to, confirm });
const turn = (id: string, action: 'pause' | 'resume') => owner.call('POST', `/streams/${id}/${action}`);
const ids = async (name: string): Promise<number[]> => {
  const { json } = await owner.call('POST', '/query', { sql: `select id::int as id from bronze.${name} order by id` });
  return json.rows.map((row: { id: number }) => row.id);
};
async function until(name: string, wanted: number[]): Promise<void> {
  for (let tries = 0; tries < 900; tries += 1) {
    const found = await ids(name).catch(() => []);
    if (JSON.stringify(found) === JSON.stringify(wanted)) return;
    await sleep(100);
  }
  expect(await ids(name)).toEqual(wanted);
}

describe('a paused stream', () => {
  it('K1 K2 is read on from elsewhere as it was said: a second time, or not at all', async () => {
    const id = await started('sought');
    await push('sought', 1, 2, 3);
    await until('sought', [1, 2, 3]);
    expect((await seek(id, { kind: 'earliest' })).json).toMatchObject({ code: 'conflict' });
    await turn(id, 'pause');
    const { json: again } = await seek(id, { kind: 'earliest' });
    expect(again).toMatchObject({ again: '3', skipped: '0' });
    expect((await seek(id, { kind: 'earliest' }, 'something else')).status).toBe(409);
    expect((await seek(id, { kind: 'earliest' }, again.confirm)).status).toBe(200);
    await turn(id, 'resume');
    await until('sought', [1, 1, 2, 2, 3, 3]);

    await turn(id, 'pause');
    await push('sought', 4, 5);
    const { json: over } = await seek(id, { kind: 'latest' });
    expect(over).toMatchObject({ again: '0', skipped: '2' });
    await push('sought', 6);
    // It would skip one more than was said.
    expect((await seek(id, { kind: 'latest' }, over.confirm)).status).toBe(409);
    const { json: now } = await seek(id, { kind: 'latest' });
    expect((await seek(id, { kind: 'latest' }, now.confirm)).json).toMatchObject({ skipped: '3' });
    await turn(id, 'resume');
    await push('sought', 7);
    await until('sought', [1, 1, 2, 2, 3, 3, 7]);
    await turn(id, 'pause');
  }, 120_000);

  it('is moved by who may run it, to a time too', async () => {
    const id = await started('timed');
    await push('timed', 1);
    await until('timed', [1]);
    await turn(id, 'pause');
    const viewer = await test.member('viewer');
    expect((await viewer.call('POST', `/streams/${id}/seek`, { to: { kind: 'latest' } })).status).toBe(403);
    expect((await seek(id, { kind: 'time', at: '2020-01-01T00:00:00Z' })).json).toMatchObject({ again: '1' });
    expect((await seek(id, { kind: 'time', at: '2120-01-01T00:00:00Z' })).json).toMatchObject({
      again: '0',
      skipped: '0',
    });
  }, 120_000);
});

describe('an alert rule of kind stream', () => {
  it('tells of a stream that stopped, with why and where to look', async () => {
    const id = await started('watched');
    const { pool } = test.server.deps;
    const rule = {
      name: 'Streams flow',
      kind: 'stream',
      config: { max_lag: 1_000, stalled: '5 minutes' },
      everySeconds: 1,
    };
    expect((await owner.call('POST', '/alert-rules', rule)).status).toBe(201);
    expect((await owner.call('POST', '/alert-rules', { ...rule, config: { stalled: 'soon' } })).status).toBe(400);
    await pool.query(`update streams set state = 'failed', error = $2 where id = $1`, [
      id,
      JSON.stringify({ code: 'source-unreadable', message: 'the topic was made anew' }),
    ]);
    const told = async () => {
      const { json } = await owner.call('GET', '/alerts?state=open');
      return json.map((each: { link: string; alerts: { summary: string }[] }) => [each.link, each.alerts[0]?.summary]);
    };
    for (let tries = 0; tries < 300 && (await told()).length === 0; tries += 1) await sleep(100);
    expect(await told()).toEqual([[`/streams/${id}`, 'bronze.watched: it stopped: the topic was made anew']]);
  }, 120_000);
});

import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { randomOf } from '../testing/random.ts';
import { killRunner, untilSeen } from '../testing/stream-runner.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
}, 60_000);
afterAll(() => test.close());

async function imported(title: string, cells: string): Promise<string> {
  const text = `---\ndatacraft: 1\ntitle: ${title}\n---\n\n${cells}\n`;
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  return json.id;
}

const push = (source: string, body: unknown) => owner.call('POST', `/streams/${source}/events`, body);
const rows = async (sql: string): Promise<unknown[][]> => {
  const { json } = await owner.call('POST', '/query', { sql });
  return json.rows.map((row: object) => Object.values(row));
};
const start = async (id: string, cell: string) =>
  (await owner.call('POST', `/notebooks/${id}/streams`, { cell, commitMs: 250 })).json;

const KILLS = 5;

/** Process ids; 0 while there is none. */
async function holderOf(id: string): Promise<number> {
  const { rows: found } = await test.server.deps.pool.query<{ lease_holder: string | null }>(
    'select lease_holder from streams where id = $1 and lease_expires_at > now()',
    [id],
  );
  return Number(found[0]?.lease_holder?.split(':')[1] ?? 0);
}

async function spareRunner(): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const line = stdout.split('\n').find((each) => each.includes(` ${process.pid} `) && each.includes('--spare'));
  return Number(/\d+/.exec(line ?? '')?.[0] ?? 0);
}

const sales = `\`\`\`source sold\ntype: webhook\nkey: id\n\`\`\`

\`\`\`sql by_shop
---
layer: gold
---
select shop, count(*)::int as n, sum(total)::int as total from sold group by all order by all
\`\`\``;

describe('a live stream', () => {
  it('T1 T2 takes events into its table and the cells below as they come, and stops and goes on where it was', async () => {
    const id = await imported('Live', sales);
    const stream = await start(id, 'sold');
    expect(stream).toMatchObject({ state: 'live', cell: 'sold', relation: 'bronze.sold', sourceType: 'webhook' });
    await push('sold', [
      { id: 'a', shop: 'x', total: 1 },
      { id: 'b', shop: 'y', total: 2 },
    ]);
    const totals = () => rows('select shop, n, total from gold.by_shop order by all');
    await untilSeen(totals, [
      ['x', 1, 1],
      ['y', 1, 2],
    ]);
    await push('sold', [
      { id: 'b', shop: 'y', total: 2 },
      { id: 'c', shop: 'x', total: 4 },
    ]);
    await untilSeen(totals, [
      ['x', 2, 5],
      ['y', 1, 2],
    ]);
    await owner.call('POST', `/streams/${stream.id}/pause`);
    await push('sold', { id: 'd', shop: 'z', total: 8 });
    await sleep(1_500);
    expect(await rows('select count(*)::int as n from bronze.sold')).toEqual([[3]]);
    await owner.call('POST', `/streams/${stream.id}/resume`);
    await untilSeen(() => rows('select count(*)::int as n, sum(total)::int as t from bronze.sold'), [[4, 15]]);
    const { json } = await owner.call('GET', `/streams/${stream.id}`);
    expect(json).toMatchObject({ state: 'live', rows: 4, rejected: 0, error: null });
    expect(json.history.reduce((sum: number, each: { rows: number }) => sum + each.rows, 0)).toBe(4);
    await owner.call('POST', `/streams/${stream.id}/pause`);
  }, 240_000);

  it('of a simulator makes rows of the clock, numbered on from commit to commit', async () => {
    const id = await imported('Made', '```source made\ntype: simulator\ntemplate: ecommerce_orders\nrate: 200/s\n```');
    const stream = await start(id, 'made');
    await untilSeen(async () => Number((await rows('select count(*)::int as n from bronze.made'))[0]?.[0]) > 500, true);
    await owner.call('POST', `/streams/${stream.id}/pause`);
    const [found = []] = await rows('select count(*)::int as n, count(distinct order_id)::int as d from bronze.made');
    expect(found[1]).toEqual(found[0]);
    const { json: queued } = await owner.call('POST', `/notebooks/${id}/runs`, {});
    const ended = async () => (await owner.call('GET', `/runs/${queued.runId}`)).json;
    await untilSeen(async () => (await ended()).state, 'succeeded');
    expect((await ended()).tasks).toMatchObject([{ cell: 'made', state: 'skipped', reason: 'fresh' }]);
    expect(await rows('select count(*)::int as n from bronze.made')).toEqual([[found[0]]]);
  }, 240_000);

  it('T1 I3 kill -9 of its runner at random moments leaves each event in the table once', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of stream runners: seed ${seed}`);
    const random = randomOf(seed);
    const id = await imported('Killed', '```source killed\ntype: webhook\nkey: id\n```');
    const stream = await start(id, 'killed');
    let next = 0;
    const wave = async (size: number) => {
      const events = Array.from({ length: size }, () => ({ id: next, v: (next++ * 7) % 1000 }));
      expect((await push('killed', events)).json.accepted).toBe(size);
    };
    await wave(10);
    await untilSeen(async () => (await owner.call('GET', `/streams/${stream.id}`)).json.rows, 10);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await wave(200 + Math.floor(random() * 300));
      await sleep(random() * 800);
      await killRunner(test, stream.id);
    }
    await wave(100);
    const all = 'select count(*)::int as n, count(distinct id)::int as d, sum(v)::int as v from bronze.killed';
    const sum = Array.from({ length: next }, (_, at) => (at * 7) % 1000).reduce((a, b) => a + b, 0);
    await untilSeen(() => rows(all), [[next, next, sum]]);
    expect((await owner.call('GET', `/streams/${stream.id}`)).json).toMatchObject({ state: 'live', rows: next });
    await owner.call('POST', `/streams/${stream.id}/pause`);
  }, 400_000);

  it('is gone on with by the process that waits for it, when the one that runs it dies', async () => {
    const id = await imported('Spare', '```source spared\ntype: webhook\n```');
    const stream = await start(id, 'spared');
    await untilSeen(async () => (await holderOf(stream.id)) > 0 && (await spareRunner()) > 0, true);
    const spare = await spareRunner();
    await killRunner(test, stream.id);
    await untilSeen(() => holderOf(stream.id), spare);
    await push('spared', [{ n: 1 }]);
    await untilSeen(() => rows('select count(*)::int from bronze.spared'), [[1]]);
    await owner.call('POST', `/streams/${stream.id}/pause`);
  }, 120_000);

  it('is refused for a source that has an end, and to who may only look', async () => {
    const id = await imported('Ends', '```source ends\ntype: csv\npath: ./a.csv\n```');
    const { status, json } = await owner.call('POST', `/notebooks/${id}/streams`, { cell: 'ends' });
    expect([status, json.detail]).toEqual([400, expect.stringContaining('has an end')]);
  });
});

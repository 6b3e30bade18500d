/** A live stream of a real broker, its runner killed at random: what is in the table is what was committed, once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../../server/src/attach.ts';
import type { TestServer, Visitor } from '../../server/src/testing/test-server.ts';
import { startTestServer } from '../../server/src/testing/test-server.ts';
import { useServices } from './for-tests.ts';

const KILLS = 8;
const WAVE = 4_000;
const env = useServices('kafka');
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1,localhost' }, { attach: attachEngine });
  owner = await test.owner();
}, 120_000);
afterAll(() => test.close());

const kafka = () => new Kafka({ brokers: [env['KAFKA_BROKERS'] ?? ''], logLevel: logLevel.NOTHING });

async function withAdmin(work: (admin: ReturnType<Kafka['admin']>) => Promise<unknown>): Promise<void> {
  const admin = kafka().admin();
  await admin.connect();
  await work(admin);
  await admin.disconnect();
}
const create = (topic: string) =>
  withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true }));

async function produce(topic: string, values: readonly string[], end: 'commit' | 'abort'): Promise<void> {
  const producer = kafka().producer({ transactionalId: `t-${topic}`, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: values.map((value, at) => ({ value, partition: at % 3 })) });
  await (end === 'commit' ? transaction.commit() : transaction.abort());
  await producer.disconnect();
}

async function start(cell: string, more = ''): Promise<string> {
  const source = `\`\`\`source ${cell}\ntype: kafka\nbrokers: ["${env['KAFKA_BROKERS'] ?? ''}"]\ntopic: ${cell}\n${more}\`\`\``;
  const text = `---\ndatacraft: 1\ntitle: ${cell}\n---\n\n${source}\n`;
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  const stream = await owner.call('POST', `/notebooks/${json.id}/streams`, { cell, commitMs: 250 });
  expect(stream.status).toBe(200);
  return stream.json.id;
}

const stateOf = async (id: string) => (await owner.call('GET', `/streams/${id}`)).json;
const rows = async (sql: string): Promise<unknown[][]> => {
  const { json } = await owner.call('POST', '/query', { sql });
  return json.rows.map((row: object) => Object.values(row));
};

async function until<Found>(look: () => Promise<Found>, wanted: Found): Promise<void> {
  for (let tries = 0; tries < 900; tries += 1) {
    const found = await look().catch(() => undefined);
    if (JSON.stringify(found) === JSON.stringify(wanted)) return;
    await sleep(200);
  }
  expect(await look()).toEqual(wanted);
}

async function killRunner(id: string): Promise<void> {
  const { rows: found } = await test.server.deps.pool.query<{ lease_holder: string | null }>(
    'select lease_holder from streams where id = $1 and lease_expires_at > now()',
    [id],
  );
  const pid = Number(found[0]?.lease_holder?.split(':')[1]);
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } catch {
    // It is dead already: the next one comes by itself.
  }
}

describe('a live stream of a topic', () => {
  it(`F1 T1 has every committed message once after ${KILLS} kills of its runner and aborted transactions`, async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of a Kafka stream: seed ${seed}`);
    let random = seed;
    const next = () => (random = (random * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
    await create('flowing');
    const id = await start('flowing');
    let sent = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const wave = Array.from({ length: WAVE }, () => JSON.stringify({ n: sent++ }));
      await produce('flowing', wave, 'commit');
      await produce('flowing', ['{"n":-1}', '{"n":-2}'], 'abort');
      const before = (await stateOf(id)).rows;
      // At any moment of a start, and of a runner that has begun to write.
      if (kill % 2 === 0) await until(async () => (await stateOf(id)).rows > before, true);
      await sleep(next() * 3_000);
      await killRunner(id);
    }
    const all = `select count(*)::int as n, count(distinct n)::int as d, sum(n)::bigint::varchar as s,
      count(distinct (_partition, _offset))::int as places from bronze.flowing`;
    await until(() => rows(all), [[sent, sent, String((sent * (sent - 1)) / 2), sent]]);
    const state = await stateOf(id);
    expect(state).toMatchObject({ state: 'live', rows: sent });
    expect(state.progress.partitions).toHaveLength(3);
    await owner.call('POST', `/streams/${id}/pause`);
  }, 600_000);

  it('sets poison aside with its bytes and goes on', async () => {
    await create('poisoned');
    const id = await start('poisoned', 'rejects: table\n');
    await produce('poisoned', ['{"n":1}', 'not json', '{"n":2}'], 'commit');
    await until(() => rows('select n::int as n from bronze.poisoned order by n'), [[1], [2]]);
    await until(
      () => rows('select raw, topic, "partition"::int as p from bronze.poisoned_rejects'),
      [['not json', 'poisoned', 1]],
    );
    await owner.call('POST', `/streams/${id}/pause`);
  }, 180_000);

  it('F2 stops with the reason when its topic is made anew, and takes nothing of the new one', async () => {
    await create('reborn');
    const id = await start('reborn');
    await produce('reborn', ['{"n":1}', '{"n":2}', '{"n":3}'], 'commit');
    await until(() => rows('select count(*)::int as n from bronze.reborn'), [[3]]);
    await owner.call('POST', `/streams/${id}/pause`);
    await withAdmin((admin) => admin.deleteTopics({ topics: ['reborn'] }));
    await sleep(1_000);
    await create('reborn');
    const many = Array.from({ length: 90 }, (_, n) => JSON.stringify({ n: 100 + n }));
    await produce('reborn', many, 'commit');
    await owner.call('POST', `/streams/${id}/resume`);
    await until(async () => (await stateOf(id)).state, 'failed');
    expect((await stateOf(id)).error.message).toContain('made anew');
    expect(await rows('select count(*)::int as n from bronze.reborn')).toEqual([[3]]);
    // Somebody who has seen what that comes to moves it to the new one.
    const to = { kind: 'earliest' };
    const { json: plan } = await owner.call('POST', `/streams/${id}/seek`, { to });
    expect(plan.skipped).toBe('0');
    expect((await owner.call('POST', `/streams/${id}/seek`, { to, confirm: plan.confirm })).status).toBe(200);
    await owner.call('POST', `/streams/${id}/resume`);
    // The broker may have made it anew by itself, with one partition: what that holds is what there is.
    const held = plan.partitions.length === 3 ? 90 : 30;
    await until(() => rows('select count(distinct n)::int as n from bronze.reborn where n >= 100'), [[held]]);
    await owner.call('POST', `/streams/${id}/pause`);
  }, 180_000);
});

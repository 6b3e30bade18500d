/** A live stream of a real broker, its runner killed at random: what is in the table is what was committed, once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../server/src/testing/random.ts';
import { killRunner, untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { useLiveServer } from './testing/live.ts';
import { withAdmin } from './testing/topic.ts';

const KILLS = 8;
const WAVE = 4_000;
const BACKLOG = 600_000;
const live = useLiveServer(useServices('kafka'));

const create = (topic: string) =>
  withAdmin(live.kafka(), (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true }),
  );

async function produce(topic: string, values: readonly string[], end: 'commit' | 'abort'): Promise<void> {
  const producer = live.kafka().producer({ transactionalId: `t-${topic}`, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: values.map((value, at) => ({ value, partition: at % 3 })) });
  await (end === 'commit' ? transaction.commit() : transaction.abort());
  await producer.disconnect();
}

const start = async (cell: string, more: readonly string[] = []) =>
  (await live.goLive(cell, [`brokers: ["${live.brokers}"]`, ...more])).stream;

const stateOf = async (id: string) => (await live.call('GET', `/streams/${id}`)).json;

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
      if (kill % 2 === 0) await untilSeen(async () => (await stateOf(id)).rows > before, true);
      await sleep(next() * 3_000);
      await killRunner(live.test, id);
    }
    const all = `select count(*)::int as n, count(distinct n)::int as d, sum(n)::bigint::varchar as s,
      count(distinct (_partition, _offset))::int as places from bronze.flowing`;
    await untilSeen(() => live.rows(all), [[sent, sent, String((sent * (sent - 1)) / 2), sent]]);
    const state = await stateOf(id);
    expect(state).toMatchObject({ state: 'live', rows: sent });
    expect(state.progress.partitions).toHaveLength(3);
    await live.call('POST', `/streams/${id}/pause`);
  }, 600_000);

  it(`E1 T1 has every message of a large backlog once after ${KILLS} kills while it is caught up, wave upon wave`, async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 while a Kafka stream catches up: seed ${seed}`);
    const next = randomOf(seed);
    await create('owed');
    for (let from = 0; from < BACKLOG; from += 10_000) {
      const values = Array.from({ length: 10_000 }, (_, at) => JSON.stringify({ n: from + at }));
      await produce('owed', values, 'commit');
      if (from % 50_000 === 0) await produce('owed', ['{"n":-1}', '{"n":-2}'], 'abort');
    }
    const id = await start('owed');
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { rows } = await stateOf(id);
      if (kill % 2 === 0 && rows < BACKLOG) await untilSeen(async () => (await stateOf(id)).rows > rows, true);
      await sleep(next() * 1_000);
      await killRunner(live.test, id);
    }
    const all = `select count(*)::int as n, count(distinct n)::int as d, sum(n)::bigint::varchar as s,
      count(distinct (_partition, _offset))::int as places from bronze.owed`;
    await untilSeen(() => live.rows(all), [[BACKLOG, BACKLOG, String((BACKLOG * (BACKLOG - 1)) / 2), BACKLOG]]);
    expect(await stateOf(id)).toMatchObject({ state: 'live', rows: BACKLOG });
    await live.call('POST', `/streams/${id}/pause`);
  }, 600_000);

  it('sets poison aside with its bytes and goes on', async () => {
    await create('poisoned');
    const id = await start('poisoned', ['rejects: table']);
    await produce('poisoned', ['{"n":1}', 'not json', '{"n":2}'], 'commit');
    await untilSeen(() => live.rows('select n::int as n from bronze.poisoned order by n'), [[1], [2]]);
    await untilSeen(
      () => live.rows('select raw, topic, "partition"::int as p from bronze.poisoned_rejects'),
      [['not json', 'poisoned', 1]],
    );
    await live.call('POST', `/streams/${id}/pause`);
  }, 180_000);

  it('F2 stops with the reason when its topic is made anew, and takes nothing of the new one', async () => {
    await create('reborn');
    const id = await start('reborn');
    await produce('reborn', ['{"n":1}', '{"n":2}', '{"n":3}'], 'commit');
    await untilSeen(() => live.rows('select count(*)::int as n from bronze.reborn'), [[3]]);
    await live.call('POST', `/streams/${id}/pause`);
    await withAdmin(live.kafka(), (admin) => admin.deleteTopics({ topics: ['reborn'] }));
    await sleep(1_000);
    await create('reborn');
    const many = Array.from({ length: 90 }, (_, n) => JSON.stringify({ n: 100 + n }));
    await produce('reborn', many, 'commit');
    await live.call('POST', `/streams/${id}/resume`);
    await untilSeen(async () => (await stateOf(id)).state, 'failed');
    expect((await stateOf(id)).error.message).toContain('made anew');
    expect(await live.rows('select count(*)::int as n from bronze.reborn')).toEqual([[3]]);
    // Somebody who has seen what that comes to moves it to the new one.
    const to = { kind: 'earliest' };
    const { json: plan } = await live.call('POST', `/streams/${id}/seek`, { to });
    expect(plan.skipped).toBe('0');
    expect((await live.call('POST', `/streams/${id}/seek`, { to, confirm: plan.confirm })).status).toBe(200);
    await live.call('POST', `/streams/${id}/resume`);
    // The broker may have made it anew by itself, with one partition: what that holds is what there is.
    const held = plan.partitions.length === 3 ? 90 : 30;
    await untilSeen(() => live.rows('select count(distinct n)::int as n from bronze.reborn where n >= 100'), [[held]]);
    await live.call('POST', `/streams/${id}/pause`);
  }, 180_000);
});

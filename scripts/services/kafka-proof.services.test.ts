/**
 * Exactly once, proved against what was committed: messages with aborted transactions, duplicates and poison, while the
 * runner is killed, the broker goes and comes and partitions are added. Nobody can take partitions from a runner: it is in
 * no group. `DATACRAFT_PROOF_MESSAGES`, `_KILLS` and `_RESTARTS` make it larger, `_SEED` does it again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { randomOf } from '../../server/src/testing/random.ts';
import { killRunner, untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { useLiveServer } from './testing/live.ts';
import { restart } from './supervise.ts';
import { watchCommits } from './testing/watch-commits.ts';
import { withAdmin } from './testing/topic.ts';

const size = (name: string, usual: number) => Number(process.env[`DATACRAFT_PROOF_${name}`] ?? usual);
const MESSAGES = size('MESSAGES', 40_000);
const KILLS = size('KILLS', 5);
const RESTARTS = size('RESTARTS', 1);
const WAVES = Math.max(KILLS, 10);
const PARTS = 5;
const TOLD_EVERY = 20;
const HOURS_MS = 6 * 3_600_000;

const live = useLiveServer(useServices('kafka'));

/** What was committed: how many that can be read, their sum, a hash of them that no order changes, and how many cannot. */
interface Committed {
  count: number;
  sum: bigint;
  hash: number;
  poison: number;
}
interface Wave {
  readonly from: number;
  readonly count: number;
}
const hashed = (n: number) => (n * 7_919) % 1_000_003;

async function writePart(
  producer: Producer,
  topic: string,
  from: number,
  count: number,
  sum: Committed,
): Promise<void> {
  const good = Array.from({ length: count }, (_, at) => from + at);
  const again = good.filter((n) => n % 50 === 0);
  const values = [...good, ...again].map((n) => JSON.stringify({ n, pad: 'x'.repeat(60) }));
  const poison = good.filter((n) => n % 997 === 0).map((n) => `poison ${n}`);
  const lost = await producer.transaction();
  await lost.send({ topic, messages: [{ value: '{"n":-1}' }, { value: 'poison of nobody' }] });
  await lost.abort();
  const kept = await producer.transaction();
  await kept.send({ topic, messages: [...values, ...poison].map((value) => ({ value })) });
  await kept.commit();
  for (const n of [...good, ...again]) {
    sum.count += 1;
    sum.sum += BigInt(n);
    sum.hash += hashed(n);
  }
  sum.poison += poison.length;
}

/** In a few transactions, with pauses between, so that a runner that is killed meanwhile was in the midst of it. */
async function produce(topic: string, wave: Wave, sum: Committed, pauseMs: () => number): Promise<void> {
  const producer = live.kafka().producer({ transactionalId: `proof-${topic}`, maxInFlightRequests: 1 });
  await producer.connect();
  const part = Math.ceil(wave.count / PARTS);
  for (let at = 0; at < wave.count; at += part) {
    await writePart(producer, topic, wave.from + at, Math.min(part, wave.count - at), sum);
    await sleep(pauseMs());
  }
  await producer.disconnect();
}

/** Whether the wave is one of `times` that are spread over all of them. */
const isTurn = (at: number, times: number) => times > 0 && at % Math.ceil(WAVES / times) === 0;

const rowsOf = async (id: string) => Number((await live.call('GET', `/streams/${id}`)).json.rows);

describe('a topic of a broker, a stream of it, and everything that ends either', () => {
  it(
    `I3 I7 F1 has count, sum and hash of what was committed: ${MESSAGES} messages, ${KILLS} kills, ${RESTARTS} restarts`,
    async () => {
      const seed = size('SEED', Date.now() % 1_000_000);
      const began = performance.now();
      const seconds = () => Math.round((performance.now() - began) / 1_000);
      console.log(`proof of exactly once: seed ${seed}`);
      const [next, pause] = [randomOf(seed), randomOf(seed + 1)];
      const topic = `proof_${seed}`;
      await withAdmin(live.kafka(), (admin) =>
        admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true }),
      );
      const { stream: id } = await live.goLive(topic, [`brokers: ["${live.brokers}"]`, 'rejects: table']);
      const watch = watchCommits(live.test.server.deps.pool, id);
      onTestFinished(async () => void (await watch.stop()));
      const sum: Committed = { count: 0, sum: 0n, hash: 0, poison: 0 };
      const each = Math.ceil(MESSAGES / WAVES);
      for (let at = 0; at < WAVES; at += 1) {
        const before = sum.count;
        const producing = produce(topic, { from: at * each, count: each }, sum, () => pause() * 500);
        if (at === Math.floor(WAVES / 2))
          await withAdmin(live.kafka(), (admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] }));
        if (at < KILLS) {
          // At any moment of a start, and of a runner that has begun to write.
          if (at % 2 === 0) await untilSeen(async () => (await rowsOf(id)) > before, true);
          await sleep(next() * 3_000);
          await killRunner(live.test, id);
        }
        await producing;
        if (isTurn(at, RESTARTS)) await restart('kafka');
        if ((at + 1) % TOLD_EVERY === 0) console.log(`wave ${at + 1} of ${WAVES}: ${seconds()} s`);
      }
      const all = `select count(*)::int as c, sum(n)::varchar as s, sum((n * 7919) % 1000003)::bigint::varchar as h,
      count(distinct (_partition, _offset))::int as places from bronze.${topic}`;
      await untilSeen(() => live.rows(`select count(*)::int as c from bronze.${topic}`), [[sum.count]]);
      expect(await live.rows(all)).toEqual([[sum.count, String(sum.sum), String(sum.hash), sum.count]]);
      expect(await live.rows(`select count(*)::int as c from bronze.${topic}_rejects`)).toEqual([[sum.poison]]);
      const { groups } = await withAdmin(live.kafka(), (admin) => admin.listGroups());
      expect(groups.filter(({ groupId }) => groupId.includes('datacraft'))).toEqual([]);
      const seen = await watch.stop();
      expect(seen.broken).toEqual([]);
      console.log(`proof of exactly once: ${sum.count} rows, ${seen.commits} states looked at, ${seconds()} s`);
      console.log(`metadata: ${seen.metadataBytes} bytes after ${seen.states} kept states of ${seen.sequence} commits`);
      await live.call('POST', `/streams/${id}/pause`);
    },
    HOURS_MS,
  );
});

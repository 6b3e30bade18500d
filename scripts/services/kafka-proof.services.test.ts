/**
 * Exactly once, proved against what was committed: messages with aborted transactions, duplicates and poison, while the
 * runner is killed, the broker goes and comes and partitions are added. `DATACRAFT_PROOF_MESSAGES`, `_KILLS` and
 * `_RESTARTS` make it larger.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { attachEngine } from '../../server/src/attach.ts';
import { randomOf } from '../../server/src/testing/random.ts';
import { killRunner, untilSeen } from '../../server/src/testing/stream-runner.ts';
import type { TestServer, Visitor } from '../../server/src/testing/test-server.ts';
import { startTestServer } from '../../server/src/testing/test-server.ts';
import { useServices } from './for-tests.ts';
import { restart } from './supervise.ts';
import { watchCommits } from './testing/watch-commits.ts';
import { kafkaAt, withAdmin } from './testing/topic.ts';

const size = (name: string, usual: number) => Number(process.env[`DATACRAFT_PROOF_${name}`] ?? usual);
const MESSAGES = size('MESSAGES', 40_000);
const KILLS = size('KILLS', 5);
const RESTARTS = size('RESTARTS', 1);
const WAVES = Math.max(KILLS, 10);
const HOURS_MS = 6 * 3_600_000;

const env = useServices('kafka');
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1,localhost' }, { attach: attachEngine });
  owner = await test.owner();
}, 240_000);
afterAll(() => test.close());

const kafka = () => kafkaAt(env['KAFKA_BROKERS'] ?? '');
const query = async (sql: string): Promise<unknown[][]> => {
  const { json } = await owner.call('POST', '/query', { sql });
  return json.rows.map((row: object) => Object.values(row));
};

/** What was committed: how many that can be read, their sum, a hash of them that no order changes, and how many cannot. */
interface Committed {
  count: number;
  sum: bigint;
  hash: number;
  poison: number;
}
const hashed = (n: number) => (n * 7_919) % 1_000_003;

async function wave(producer: Producer, topic: string, from: number, count: number, sum: Committed): Promise<void> {
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

async function produce(topic: string, from: number, count: number, sum: Committed): Promise<void> {
  const producer = kafka().producer({ transactionalId: `proof-${topic}`, maxInFlightRequests: 1 });
  await producer.connect();
  await wave(producer, topic, from, count, sum);
  await producer.disconnect();
}

async function start(topic: string): Promise<string> {
  const source = `\`\`\`source ${topic}\ntype: kafka\nbrokers: ["${env['KAFKA_BROKERS'] ?? ''}"]\ntopic: ${topic}\nrejects: table\n\`\`\``;
  const text = `---\ndatacraft: 1\ntitle: ${topic}\n---\n\n${source}\n`;
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  const stream = await owner.call('POST', `/notebooks/${json.id}/streams`, { cell: topic, commitMs: 250 });
  return stream.json.id;
}

const rowsOf = async (id: string) => Number((await owner.call('GET', `/streams/${id}`)).json.rows);

describe('a topic of a broker, a stream of it, and everything that ends either', () => {
  it(
    `I3 I7 F1 has count, sum and hash of what was committed: ${MESSAGES} messages, ${KILLS} kills, ${RESTARTS} restarts`,
    async () => {
      const seed = Date.now() % 1_000_000;
      const began = performance.now();
      console.log(`proof of exactly once: seed ${seed}`);
      const next = randomOf(seed);
      const topic = `proof_${seed}`;
      await withAdmin(kafka(), (admin) =>
        admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true }),
      );
      const id = await start(topic);
      const watch = watchCommits(test.server.deps.pool, id);
      onTestFinished(async () => void (await watch.stop()));
      const sum: Committed = { count: 0, sum: 0n, hash: 0, poison: 0 };
      const each = Math.ceil(MESSAGES / WAVES);
      for (let at = 0; at < WAVES; at += 1) {
        await produce(topic, at * each, each, sum);
        if (at === Math.floor(WAVES / 2))
          await withAdmin(kafka(), (admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] }));
        if (at < KILLS) {
          // At any moment of a start, and of a runner that has begun to write.
          if (at % 2 === 0) await untilSeen(async () => (await rowsOf(id)) > sum.count - each, true);
          await sleep(next() * 3_000);
          await killRunner(test, id);
        }
        if (RESTARTS > 0 && at % Math.ceil(WAVES / RESTARTS) === 0) await restart('kafka');
      }
      const all = `select count(*)::int as c, sum(n)::varchar as s, sum((n * 7919) % 1000003)::bigint::varchar as h,
      count(distinct (_partition, _offset))::int as places from bronze.${topic}`;
      await untilSeen(() => query(`select count(*)::int as c from bronze.${topic}`), [[sum.count]]);
      expect(await query(all)).toEqual([[sum.count, String(sum.sum), String(sum.hash), sum.count]]);
      expect(await query(`select count(*)::int as c from bronze.${topic}_rejects`)).toEqual([[sum.poison]]);
      const seen = await watch.stop();
      expect(seen.broken).toEqual([]);
      console.log(
        `proof of exactly once: ${sum.count} rows, ${seen.commits} states looked at, ${Math.round((performance.now() - began) / 1_000)} s`,
      );
      console.log(`metadata: ${seen.metadataBytes} bytes after ${seen.states} kept states of ${seen.sequence} commits`);
      await owner.call('POST', `/streams/${id}/pause`);
    },
    HOURS_MS,
  );
});

import { createTestDatabase } from '@datacraft/migrations/testing';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTable, maintain } from '../../engine/src/index.ts';
import type { RunDeps } from '../../engine/src/run/context.ts';
import type { Workshop } from '../../engine/src/run/testing/workshop.ts';
import type { Span } from '../../engine/src/run/trace.ts';
import { createWorkshop, taskOf } from '../../engine/src/run/testing/workshop.ts';
import { conforms } from '../../engine/src/source/testing/conformance/conforms.ts';
import { kafkaBed } from '../../engine/src/source/testing/conformance/message-beds.ts';
import { useServices } from './for-tests.ts';

const env = useServices('kafka');
let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const kafka = () => new Kafka({ brokers: [env['KAFKA_BROKERS'] ?? ''], logLevel: logLevel.NOTHING });

async function produce(topic: string, values: readonly string[], end: 'commit' | 'abort' | null = null): Promise<void> {
  const producer = kafka().producer(
    end === null ? {} : { transactionalId: `t-${topic}`, maxInFlightRequests: 1, idempotent: true },
  );
  await producer.connect();
  const messages = values.map((value, at) => ({ value, key: `k${at}`, partition: at % 3 }));
  if (end === null) await producer.send({ topic, messages });
  else {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages });
    await (end === 'commit' ? transaction.commit() : transaction.abort());
  }
  await producer.disconnect();
}

async function create(topic: string): Promise<void> {
  const admin = kafka().admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
  await admin.disconnect();
}

async function run(topic: string, more = '', request = {}, deps: Partial<RunDeps> = {}) {
  const brokers = env['KAFKA_BROKERS'] ?? '';
  const refuse = (name: string) => Promise.reject(new Error(`no ${name}`));
  const remote = { allowedHosts: ['127.0.0.1', 'localhost'], secret: refuse, connection: refuse };
  const text = `\`\`\`source ${topic}\ntype: kafka\nbrokers: ["${brokers}"]\ntopic: ${topic}\n${more}\`\`\`\n`;
  return taskOf(await shop.run(text, { owner: topic, deps: { remote, ...deps }, ...request }), topic);
}

const sumTo = (count: number) => String((count * (count - 1)) / 2);
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => JSON.stringify({ n: from + at }));

describe('a topic as a source', () => {
  it('Q1 gives every committed message once, over runs, aborted transactions and a run that stopped', async () => {
    await create('orders');
    await produce('orders', numbers(0, 20_000));
    expect(await run('orders')).toMatchObject({ state: 'succeeded' });
    await produce('orders', numbers(90_000, 90_100), 'abort');
    await produce('orders', numbers(20_000, 20_100), 'commit');
    const stopped = new AbortController();
    stopped.abort(new Error('stopped by the test'));
    await expect(run('orders', '', { signal: stopped.signal })).rejects.toThrow('no task'); // nothing was begun
    expect(await run('orders')).toMatchObject({ state: 'succeeded' });
    expect(await run('orders')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    expect(await shop.rows('select count(*)::int, count(distinct n)::int, sum(n)::bigint from bronze.orders')).toEqual([
      [20_100, 20_100, String((20_099 * 20_100) / 2)],
    ]);
    expect(
      await shop.rows('select count(*)::int from (select distinct _partition, _offset from bronze.orders)'),
    ).toEqual([[20_100]]);
  });

  it('D1 D3 makes a large topic a table while it reads it, also where messages are bad', async () => {
    const all = 'select count(*)::int, count(distinct (_partition, _offset))::int, sum(n)::bigint from bronze.large';
    const copies: string[] = [];
    const isCopy = ({ attributes }: Span) => attributes['db.operation.name'] === 'COPY';
    const send = (span: Span) => void (isCopy(span) && copies.push(span.name));
    const traced = { spans: { send, flush: () => Promise.resolve() } };
    await create('large');
    for (let from = 0; from < 60_000; from += 10_000) await produce('large', numbers(from, from + 10_000));
    expect(await run('large', '', {}, traced)).toMatchObject({ state: 'succeeded' });
    expect(copies).toEqual([]); // none was left to the task
    expect(await shop.rows(all)).toEqual([[60_000, 60_000, sumTo(60_000)]]);
    await produce('large', ['poison', '{"n":"x"}']);
    const tolerant = 'rejects: table\ncolumns: { n: bigint }\n';
    expect(await run('large', tolerant, {}, traced)).toMatchObject({ state: 'succeeded' });
    expect(copies).toHaveLength(1); // of what is bad
    expect(await shop.rows(all)).toEqual([[60_000, 60_000, sumTo(60_000)]]);
    const letters = 'select raw, "partition"::int, "offset"::int from bronze.large_rejects order by 1';
    expect(await shop.rows(letters)).toEqual([
      ['poison', 0, 20_004],
      ['{"n":"x"}', 1, 19_998],
    ]);
  }, 240_000);

  it('D1 leaves few files, which maintenance makes one, and reads on behind it', async () => {
    const ref = { layer: 'bronze', name: 'many' } as const;
    const files = async () => (await loadTable(shop.deps.db, shop.deps.lake, ref))?.files.length;
    const all = 'select count(*)::int, count(distinct (_partition, _offset))::int, sum(n)::bigint from bronze.many';
    await create('many');
    let [to, left] = [0, 0];
    while (left < 4) {
      for (const end = to + 60_000; to < end; to += 10_000) await produce('many', numbers(to, to + 10_000));
      expect(await run('many')).toMatchObject({ state: 'succeeded' });
      left = (await files()) ?? 0;
    }
    expect(left).toBeLessThanOrEqual(12);
    const { tables } = await maintain(shop.deps, { tables: [ref], dryRun: false, graceMs: 3_600_000 });
    expect(tables[0]?.compacted).toMatchObject({ filesBefore: left, filesAfter: 1 });
    expect(await run('many')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    await produce('many', numbers(to, to + 100));
    expect(await run('many')).toMatchObject({ state: 'succeeded' });
    expect(await shop.rows(all)).toEqual([[to + 100, to + 100, sumTo(to + 100)]]);
    expect(await files()).toBe(2);
  }, 240_000);

  it('sets messages that are not JSON aside, and says which one when it may not', async () => {
    await create('mixed');
    await produce('mixed', ['{"n":1}', 'poison', '{"n":2}']);
    expect((await run('mixed')).error).toMatchObject({ code: 'source-rows-rejected' });
    expect(await run('mixed', 'rejects: table\n')).toMatchObject({ state: 'succeeded' });
    expect(await shop.rows('select n from bronze.mixed order by n')).toEqual([['1'], ['2']]);
    expect(await shop.rows('select raw from bronze.mixed_rejects')).toEqual([['poison']]);
  });

  it('says when there is no such topic', async () => {
    expect((await run('nowhere')).error).toMatchObject({ code: 'source-unreadable' });
  });
});

conforms(
  'kafka',
  () => shop,
  kafkaBed(() => ({ kafka: kafka(), brokers: env['KAFKA_BROKERS'] ?? '' })),
);

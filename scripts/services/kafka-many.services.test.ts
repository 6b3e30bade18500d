/** A source of several topics of a real broker: found by their names, also later, each message once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { killRunner, untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { useLiveServer } from './testing/live.ts';
import { withAdmin } from './testing/topic.ts';

const EACH = 3_000;
const live = useLiveServer(useServices('kafka'));

/** Waiting for its leaders fails now and then, where the broker has not heard of it yet. */
const create = (topic: string) =>
  withAdmin(live.kafka(), async (admin) => {
    await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: false });
    await untilSeen(async () => (await admin.listTopics()).includes(topic), true);
  });

/** Idempotent: a partition without a leader yet makes kafkajs send the other one's messages again. */
async function produce(topic: string, values: readonly string[]): Promise<void> {
  const producer = live.kafka().producer({ idempotent: true });
  await producer.connect();
  await producer.send({ topic, messages: values.map((value, at) => ({ value, partition: at % 2 })) });
  await producer.disconnect();
}

const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => JSON.stringify({ n: from + at }));
const brokers = () => `brokers: ["${live.brokers}"]`;
const stateOf = async (id: string) => (await live.call('GET', `/streams/${id}`)).json;

describe('a source of several topics', () => {
  it('F4 L2 T1 has every message of those that a pattern matches once, also of one made while it runs, after kills', async () => {
    await create('shop.eu');
    await create('shop.us');
    await create('workshop.eu');
    await produce('shop.eu', numbers(0, EACH));
    await produce('workshop.eu', numbers(-EACH, EACH));
    const { stream: id } = await live.goLive('shop', [brokers(), 'rejects: table'], '', 'topic_pattern: shop\\..*');
    await produce('shop.us', numbers(EACH, EACH));
    const counts =
      'select _topic, count(*)::int, count(distinct n)::int, count(distinct (_partition, _offset))::int from bronze.shop group by 1 order by 1';
    const whole = (topic: string, count = EACH) => [topic, count, count, count];
    await untilSeen(() => live.rows(counts), [whole('shop.eu'), whole('shop.us')]);
    await create('shop.br');
    await produce('shop.br', numbers(2 * EACH, EACH));
    await sleep(Math.random() * 4_000);
    await killRunner(live.test, id);
    await produce('shop.br', numbers(3 * EACH, EACH));
    await untilSeen(() => live.rows(counts), [whole('shop.br', 2 * EACH), whole('shop.eu'), whole('shop.us')]);
    await create('shop.mx');
    await produce('shop.mx', [...numbers(4 * EACH, EACH), 'poison']);
    await untilSeen(() => live.rows('select topic, raw from bronze.shop_rejects'), [['shop.mx', 'poison']]);
    await killRunner(live.test, id);
    const all = 'select count(*)::int, count(distinct n)::int, min(n)::int, max(n)::int from bronze.shop';
    await untilSeen(() => live.rows(all), [[5 * EACH, 5 * EACH, 0, 5 * EACH - 1]]);
    const { state, progress } = await stateOf(id);
    expect(state).toBe('live');
    expect(progress.partitions).toHaveLength(8);
    expect(progress.partitions[0]).toMatchObject({ topic: 'shop.br', partition: 0 });
    await live.call('POST', `/streams/${id}/pause`);
    const { json: plan } = await live.call('POST', `/streams/${id}/seek`, {
      to: { kind: 'offsets', offsets: { 'shop.eu:1': '10' } },
    });
    expect(plan).toMatchObject({ again: String(EACH / 2 - 10), skipped: '0' });
  }, 300_000);

  it('L1 stops when a topic that it read is deleted, and says which', async () => {
    await create('gone.a');
    await create('gone.b');
    const { stream: id } = await live.goLive('gone', [brokers()], '', 'topics: [gone.b, gone.a]');
    await produce('gone.a', numbers(0, 10));
    await untilSeen(() => live.rows('select count(*)::int from bronze.gone'), [[10]]);
    await withAdmin(live.kafka(), (admin) => admin.deleteTopics({ topics: ['gone.a'] }));
    await untilSeen(async () => (await stateOf(id)).state, 'failed');
    expect((await stateOf(id)).error.message).toMatch(/gone\.a was read up to \d+, but it was deleted/);
    expect(await live.rows('select count(*)::int from bronze.gone')).toEqual([[10]]);
  }, 180_000);

  it('Q1 is read by runs too, where a later one finds what was made meanwhile', async () => {
    await create('batch.a');
    await produce('batch.a', numbers(0, 100));
    const source = ['```source batch', 'type: kafka', 'topic_pattern: batch\\.[ab]', 'start: latest', brokers(), '```'];
    const text = `---\ndatacraft: 1\ntitle: batch\n---\n\n${source.join('\n')}\n`;
    const { json: notebook } = await live.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
    const run = async () => {
      const { json } = await live.call('POST', `/notebooks/${notebook.id}/runs`, {});
      await untilSeen(async () => (await live.call('GET', `/runs/${json.runId}`)).json.state, 'succeeded');
    };
    await run();
    await produce('batch.a', numbers(100, 50));
    await create('batch.b');
    await produce('batch.b', numbers(150, 50));
    await run();
    await run();
    expect(
      await live.rows(
        'select _topic, count(*)::int, count(distinct (_partition, _offset))::int, min(n)::int from bronze.batch group by 1 order by 1',
      ),
    ).toEqual([
      ['batch.a', 50, 50, 100],
      ['batch.b', 50, 50, 150],
    ]);
  }, 180_000);
});

/** A live stream from one topic to another, its runner killed at random: what is committed there is each row once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from '../../server/src/testing/random.ts';
import { killRunner, untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { useLiveServer } from './testing/live.ts';
import { committedOf, withAdmin } from './testing/topic.ts';

const KILLS = 6;
const WAVE = 2_000;
const live = useLiveServer(useServices('kafka'));
beforeAll(async () => {
  await live.call('PUT', '/connections/broker', {
    type: 'kafka',
    config: { brokers: live.brokers },
    description: '',
    tags: [],
  });
});

const stateOf = async (id: string) => (await live.call('GET', `/streams/${id}`)).json;

async function start(name: string, sql: string): Promise<string> {
  await withAdmin(live.kafka(), (admin) =>
    admin.createTopics({ topics: [{ topic: name, numPartitions: 2 }], waitForLeaders: true }),
  );
  return (await live.goLive(name, ['connection: broker'], sql)).stream;
}

async function produce(topic: string, from: number, count: number): Promise<void> {
  const producer = live.kafka().producer();
  await producer.connect();
  const messages = Array.from({ length: count }, (_, at) => ({
    value: JSON.stringify({ n: from + at }),
    partition: at % 2,
  }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

const sink = (name: string, to: string) =>
  `\`\`\`sql ${name}\n---\nlayer: gold\nexport:\n  - { type: kafka, connection: broker, topic: ${to}, key: n }\n---\nselect n, n * 2 as twice from flow\n\`\`\``;

describe('a live stream that sends on', () => {
  it(`D1 N1 brings each row to the topic once after ${KILLS} kills of its runner`, async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of a stream with a sink: seed ${seed}`);
    const next = randomOf(seed);
    const id = await start('flow', sink('doubled', 'flow_out'));
    for (let kill = 0; kill < KILLS; kill += 1) {
      await produce('flow', kill * WAVE, WAVE);
      // At any moment of a start, and of a sending that has begun.
      if (kill % 2 === 0)
        await untilSeen(async () => ((await stateOf(id)).exports[0]?.rows ?? 0) > 0 || kill > 0, true);
      await sleep(next() * 4_000);
      await killRunner(live.test, id);
    }
    const sent = KILLS * WAVE;
    await untilSeen(async () => (await stateOf(id)).rows, sent);
    await untilSeen(async () => (await committedOf(live.kafka(), 'flow_out').catch(() => [])).length >= sent, true);
    const found = (await committedOf(live.kafka(), 'flow_out')).map(({ key, value }) => [
      Number(key?.toString()),
      (JSON.parse(value?.toString() ?? '') as { twice: number }).twice,
    ]);
    expect(found.length).toBe(sent);
    expect(new Set(found.map(([n]) => n)).size).toBe(sent);
    expect(found.every(([n = 0, twice]) => twice === 2 * n)).toBe(true);
    await untilSeen(
      async () => (await stateOf(id)).exports.map((each: { state: string }) => each.state),
      ['delivered'],
    );
    await live.call('POST', `/streams/${id}/pause`);
  }, 600_000);
});

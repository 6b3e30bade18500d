/** A live stream from one topic to another, its runner killed at random: what is committed there is each row once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../../server/src/attach.ts';
import { randomOf } from '../../server/src/testing/random.ts';
import { killRunner, untilSeen } from '../../server/src/testing/stream-runner.ts';
import type { TestServer, Visitor } from '../../server/src/testing/test-server.ts';
import { startTestServer } from '../../server/src/testing/test-server.ts';
import { useServices } from './for-tests.ts';
import { committedOf, kafkaAt, withAdmin } from './testing/topic.ts';

const KILLS = 6;
const WAVE = 2_000;
const env = useServices('kafka');
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1,localhost' }, { attach: attachEngine });
  owner = await test.owner();
  await owner.call('PUT', '/connections/broker', {
    type: 'kafka',
    config: { brokers: env['KAFKA_BROKERS'] ?? '' },
    description: '',
    tags: [],
  });
}, 120_000);
afterAll(() => test.close());

const kafka = () => kafkaAt(env['KAFKA_BROKERS'] ?? '');
const stateOf = async (id: string) => (await owner.call('GET', `/streams/${id}`)).json;

async function start(name: string, sql: string): Promise<string> {
  await withAdmin(kafka(), (admin) =>
    admin.createTopics({ topics: [{ topic: name, numPartitions: 2 }], waitForLeaders: true }),
  );
  const source = `\`\`\`source ${name}\ntype: kafka\nconnection: broker\ntopic: ${name}\n\`\`\``;
  const text = `---\ndatacraft: 1\ntitle: ${name}\n---\n\n${source}\n\n${sql}\n`;
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  const stream = await owner.call('POST', `/notebooks/${json.id}/streams`, { cell: name, commitMs: 250 });
  expect(stream.status).toBe(200);
  return stream.json.id;
}

async function produce(topic: string, from: number, count: number): Promise<void> {
  const producer = kafka().producer();
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
      await killRunner(test, id);
    }
    const sent = KILLS * WAVE;
    await untilSeen(async () => (await stateOf(id)).rows, sent);
    await untilSeen(async () => (await committedOf(kafka(), 'flow_out').catch(() => [])).length >= sent, true);
    const found = (await committedOf(kafka(), 'flow_out')).map(({ key, value }) => [
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
    await owner.call('POST', `/streams/${id}/pause`);
  }, 600_000);
});

/** Looking into a real broker through a stored connection: what it holds, and what comes. */
import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaTopic, TailMessage } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../../server/src/attach.ts';
import type { TestServer, Visitor } from '../../server/src/testing/test-server.ts';
import { startTestServer } from '../../server/src/testing/test-server.ts';
import { useServices } from './for-tests.ts';

const env = useServices('kafka', 'kafka-secure');
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1,localhost' }, { attach: attachEngine });
  owner = await test.owner();
  const config = { brokers: env['KAFKA_BROKERS'] ?? '' };
  const { status } = await owner.call('PUT', '/connections/bus', { type: 'kafka', config });
  expect(status).toBe(204);
}, 120_000);
afterAll(() => test.close());

const kafka = () => new Kafka({ brokers: [env['KAFKA_BROKERS'] ?? ''], logLevel: logLevel.NOTHING });

async function produce(topic: string, values: readonly string[]): Promise<void> {
  const producer = kafka().producer();
  await producer.connect();
  await producer.send({ topic, messages: values.map((value, at) => ({ value, key: `k${at}`, partition: at % 2 })) });
  await producer.disconnect();
}

async function create(topic: string): Promise<void> {
  const admin = kafka().admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true });
  await admin.disconnect();
}

const textOf = ({ bytes }: TailMessage) => Buffer.from(bytes ?? '', 'base64').toString();

/** Reads server-sent messages until there are so many. */
async function tailed(
  visitor: Visitor,
  path: string,
  enough: number,
  onOpen: () => Promise<void>,
): Promise<TailMessage[]> {
  const left = new AbortController();
  const response = await fetch(`${test.origin}/api/v1${path}`, {
    headers: { cookie: visitor.cookie },
    signal: left.signal,
  });
  expect(response.status).toBe(200);
  const found: TailMessage[] = [];
  let text = '';
  let isOpen = false;
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, name, data = '[]'] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
      if (name === 'messages') found.push(...(JSON.parse(data) as TailMessage[]));
    }
    if (!isOpen && found.length > 0) {
      isOpen = true;
      await onOpen();
    }
    if (found.length >= enough) break;
  }
  left.abort();
  return found;
}

describe('a Kafka connection', () => {
  it('lists its topics with what each partition holds, to editors alone', async () => {
    await create('looked');
    await produce('looked', ['a', 'b', 'c']);
    const { json } = await owner.call('GET', '/connections/bus/topics');
    const found = (json as KafkaTopic[]).find(({ name }) => name === 'looked');
    expect(found).toEqual({
      name: 'looked',
      messages: '3',
      partitions: [
        { partition: 0, low: '0', high: '2' },
        { partition: 1, low: '0', high: '1' },
      ],
    });
    const { json: check } = await owner.call('POST', '/connections/bus/check');
    expect(check.tables).toContainEqual({
      name: 'looked',
      columns: [
        { name: '0', type: '2' },
        { name: '1', type: '1' },
      ],
    });
    const runner = await test.member('runner');
    expect((await runner.call('GET', '/connections/bus/topics')).status).toBe(403);
    expect((await runner.call('GET', '/connections/bus/topics/looked/tail')).status).toBe(403);
  }, 60_000);

  it('shows the last messages of a topic, and those that come while somebody looks', async () => {
    await create('tailed');
    await produce(
      'tailed',
      Array.from({ length: 50 }, (_, n) => `old ${n}`),
    );
    const messages = await tailed(owner, '/connections/bus/topics/tailed/tail?last=2', 6, () =>
      produce('tailed', ['new 0', 'new 1']),
    );
    expect(messages.map(textOf).toSorted()).toEqual(['new 0', 'new 1', 'old 46', 'old 47', 'old 48', 'old 49']);
    expect(messages.find((each) => textOf(each) === 'old 49')).toMatchObject({
      partition: 1,
      offset: '24',
      key: 'k49',
      sizeBytes: 6,
    });
  }, 60_000);

  it('logs in by SCRAM-SHA-512 over TLS, and says so when the password is another', async () => {
    setDefaultCACertificates([...getCACertificates(), readFileSync(env['KAFKA_SECURE_CA_FILE'] ?? '', 'utf8')]);
    const topicsWith = async (password: string) => {
      await owner.call('PUT', '/secrets/scram', { value: password });
      const config = {
        brokers: env['KAFKA_SECURE_BROKERS'] ?? '',
        security: 'tls',
        mechanism: 'scram-sha-512',
        user: env['KAFKA_SECURE_SCRAM_USER'] ?? '',
        password: 'secret://scram',
      };
      expect((await owner.call('PUT', '/connections/scrammed', { type: 'kafka', config })).status).toBe(204);
      return owner.call('GET', '/connections/scrammed/topics');
    };
    expect(await topicsWith(env['KAFKA_SECURE_SCRAM_PASSWORD'] ?? '')).toMatchObject({ status: 200, json: [] });
    const refused = await topicsWith('another');
    expect([refused.status, refused.json.code]).toEqual([422, 'source-unreadable']);
    expect(refused.json.detail).toMatch(/authentication/i);
  }, 60_000);

  it('says why it cannot: no such topic, and a login that is refused', async () => {
    await owner.call('PUT', '/secrets/wrong', { value: 'wrong' });
    const config = { brokers: env['KAFKA_SECURE_BROKERS'] ?? '', user: 'datacraft', password: 'secret://wrong' };
    await owner.call('PUT', '/connections/shut', { type: 'kafka', config });
    const { status, json } = await owner.call('GET', '/connections/shut/topics');
    expect([status, json.code]).toEqual([422, 'source-unreadable']);
    expect(JSON.stringify(json)).not.toContain('wrong-secret');
    const missing = await owner.call('PUT', '/connections/bad', { type: 'kafka', config: { brokers: 'no port' } });
    expect(missing.status).toBe(400);
  }, 60_000);
});

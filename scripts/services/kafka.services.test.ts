import { readFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';
import type { Message } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { useServices } from './for-tests.ts';
import { restart } from './supervise.ts';

const env = useServices('kafka', 'kafka-secure');

const plain = () => new Kafka({ brokers: [env['KAFKA_BROKERS'] ?? ''], logLevel: logLevel.NOTHING });

async function createTopic(kafka: Kafka, topic: string, partitions = 1): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  await admin.disconnect();
}

async function produce(kafka: Kafka, topic: string, messages: readonly Message[]): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  for (let from = 0; from < messages.length; from += 5_000)
    await producer.send({ topic, messages: messages.slice(from, from + 5_000) });
  await producer.disconnect();
}

/** Reads committed messages from the beginning until `until` says that there are enough. */
async function consume(kafka: Kafka, topic: string, until: (values: readonly string[]) => boolean): Promise<string[]> {
  const values: string[] = [];
  const consumer = kafka.consumer({ groupId: `reader-${topic}-${values.length}`, readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachBatch = ({ batch }: { batch: { messages: { value: Buffer | null }[] } }) => {
      for (const message of batch.messages) values.push(message.value?.toString() ?? '');
      if (until(values)) resolve();
      return Promise.resolve();
    };
    consumer.run({ eachBatch }).catch(reject);
  });
  await consumer.disconnect();
  return values;
}

describe('Kafka', () => {
  it('gives back 100 000 messages, each once and in the order of its partition', async () => {
    await createTopic(plain(), 'many', 4);
    const sent = Array.from({ length: 100_000 }, (_, index) => ({ value: String(index), partition: index % 4 }));
    await produce(plain(), 'many', sent);
    const values = (await consume(plain(), 'many', (all) => all.length >= 100_000)).map(Number);
    expect(values.length).toBe(100_000);
    expect(new Set(values).size).toBe(100_000);
    for (const partition of [0, 1, 2, 3]) {
      const own = values.filter((value) => value % 4 === partition);
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
  });

  it('shows readers of committed messages a committed transaction and never an aborted one', async () => {
    await createTopic(plain(), 'money');
    const producer = plain().producer({ transactionalId: 'till', maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const refused = await producer.transaction();
    await refused.send({ topic: 'money', messages: [{ value: 'aborted' }] });
    await refused.abort();
    const kept = await producer.transaction();
    await kept.send({ topic: 'money', messages: [{ value: 'one' }, { value: 'two' }] });
    await kept.commit();
    await producer.disconnect();
    const values = await consume(plain(), 'money', (all) => all.includes('two'));
    expect(values).toEqual(['one', 'two']);
  });

  it('keeps messages over a restart of the broker, on the same address', async () => {
    await createTopic(plain(), 'kept');
    await produce(plain(), 'kept', [{ value: 'before' }]);
    const again = await restart('kafka');
    expect(again['KAFKA_BROKERS']).toBe(env['KAFKA_BROKERS']);
    await produce(plain(), 'kept', [{ value: 'after' }]);
    expect(await consume(plain(), 'kept', (all) => all.length >= 2)).toEqual(['before', 'after']);
  });
});

describe('Kafka behind TLS and SASL', () => {
  const secure = (password: string) =>
    new Kafka({
      brokers: [env['KAFKA_SECURE_BROKERS'] ?? ''],
      ssl: { ca: [readFileSync(env['KAFKA_SECURE_CA_FILE'] ?? '', 'utf8')] },
      sasl: { mechanism: 'plain', username: env['KAFKA_SECURE_USER'] ?? '', password },
      logLevel: logLevel.NOTHING,
      retry: { retries: 2 },
    });

  it('lets in who knows the password', async () => {
    const kafka = secure(env['KAFKA_SECURE_PASSWORD'] ?? '');
    await createTopic(kafka, 'secret');
    await produce(kafka, 'secret', [{ value: 'hello' }]);
    expect(await consume(kafka, 'secret', (all) => all.length >= 1)).toEqual(['hello']);
  });

  it('refuses a wrong password', async () => {
    const admin = secure('wrong').admin();
    await expect(admin.connect()).rejects.toThrow(/authentication/i);
    await admin.disconnect();
  });
});

import { randomUUID } from 'node:crypto';
import type { Kafka, Message } from 'kafkajs';
import type { RemoteAccess } from '../../engine/src/index.ts';
import { avroEncoder } from '../../engine/src/source/kafka/format/avro-writer.ts';
import { builtInRegistry } from '../../engine/src/source/kafka/format/built-in.ts';
import { kafkaAt, withAdmin } from '../services/testing/topic.ts';

export const FORMATS = ['json', 'avro'] as const;
export type Format = (typeof FORMATS)[number];

const COLUMNS = [
  { name: 'id', type: 'BIGINT' },
  { name: 'customer', type: 'INTEGER' },
  { name: 'amount', type: 'DOUBLE' },
  { name: 'channel', type: 'VARCHAR' },
  { name: 'paid', type: 'BOOLEAN' },
  { name: 'note', type: 'VARCHAR' },
];
/** The same as Spark writes them. */
export const SPARK_COLUMNS = 'id bigint, customer int, amount double, channel string, paid boolean, note string';
const CHANNELS = ['web', 'store', 'phone', 'partner'];
const BATCH = 2_000;

/** Row `i`; as JSON 300 bytes. */
function rowOf(i: number): readonly [number, number, number, string, boolean, string] {
  const row = [i, (i * 7_919) % 50_000, ((i * 104_729) % 1_000_000) / 100, CHANNELS[i % 4] ?? '', i % 3 === 0] as const;
  const size = jsonOf([...row, '']).length;
  return [...row, `order ${i} `.padEnd(Math.max(0, 300 - size), 'abcdefgh ')];
}

function jsonOf(values: readonly unknown[]): string {
  return JSON.stringify(Object.fromEntries(COLUMNS.map(({ name }, at) => [name, values[at]])));
}

export async function messageMaker(
  topic: string,
  format: Format,
  remote: RemoteAccess,
): Promise<(i: number) => string | Buffer> {
  if (format === 'json') return (i) => jsonOf(rowOf(i));
  if (!remote.schemas) throw new Error('no registry to register with');
  const encode = await avroEncoder(
    { subject: `${topic}-value`, name: 'Sale', columns: COLUMNS },
    builtInRegistry(remote.schemas),
  );
  return (i) => encode(JSON.stringify(rowOf(i).map((value, at) => (at === 0 || at === 2 ? String(value) : value))));
}

export async function fillTopic(fill: {
  readonly brokers: string;
  readonly topic: string;
  readonly format: Format;
  readonly count: number;
  readonly remote: RemoteAccess;
}): Promise<void> {
  const kafka = kafkaAt(fill.brokers);
  await newTopic(kafka, fill.topic);
  const value = await messageMaker(fill.topic, fill.format, fill.remote);
  const producer = kafka.producer();
  await producer.connect();
  for (let from = 0; from < fill.count; from += BATCH) {
    const messages: Message[] = [];
    for (let i = from; i < Math.min(from + BATCH, fill.count); i += 1) messages.push({ value: value(i) });
    await producer.send({ topic: fill.topic, messages });
  }
  await producer.disconnect();
}

export async function newTopic(kafka: Kafka, topic: string): Promise<void> {
  await withAdmin(kafka, async (admin) => {
    if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] });
    for (let tries = 0; tries < 50; tries += 1)
      if (await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true }).catch(() => false))
        return;
    throw new Error(`the topic ${topic} could not be made anew`);
  });
}

/** What kafkajs does by itself: reads the messages and counts them, or looks at each. */
export async function consumeAll(
  brokers: string,
  topic: string,
  count: number,
  look?: (value: Buffer) => void,
): Promise<number> {
  const consumer = kafkaAt(brokers).consumer({ groupId: randomUUID(), maxBytesPerPartition: 4 * 1024 ** 2 });
  const { promise, resolve } = Promise.withResolvers<number>();
  let seen = 0;
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      if (look) for (const { value } of batch.messages) if (value) look(value);
      seen += batch.messages.length;
      if (seen >= count) resolve(seen);
      return Promise.resolve();
    },
  });
  const counted = await promise;
  await consumer.disconnect();
  return counted;
}

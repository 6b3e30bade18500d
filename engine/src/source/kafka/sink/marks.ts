/**
 * What topics hold of our tables: a compacted topic beside them, where the last message of a sink is what it sent last.
 *
 * M1  A mark is read up to a message of this very reading, committed ones alone: what was committed before it lies before
 *     it, also while another sink's transaction is open in its partition.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Admin, EachBatchPayload, Kafka, Message } from 'kafkajs';
import { spansOf } from '../client.ts';
import { unreachable } from '../unreachable.ts';

export const MARKS_TOPIC = 'datacraft_exports';
const PARTITIONS = 32;

export interface SinkMark {
  readonly snapshotId: string;
  /** How many messages brought it. */
  readonly messages: number;
}

export async function ensureMarks(admin: Admin): Promise<void> {
  if ((await admin.listTopics()).includes(MARKS_TOPIC)) return;
  const configEntries = [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'segment.ms', value: '3600000' },
  ];
  const topics = [{ topic: MARKS_TOPIC, numPartitions: PARTITIONS, configEntries }];
  await admin.createTopics({ topics, waitForLeaders: true });
}

export function markMessage(id: string, mark: SinkMark): Message {
  return { key: id, value: JSON.stringify(mark), partition: partitionOf(id, PARTITIONS) };
}

export async function readMark(kafka: Kafka, admin: Admin, id: string): Promise<SinkMark | null> {
  const spans = await spansOf(admin, MARKS_TOPIC);
  const partition = partitionOf(id, PARTITIONS);
  const low = spans.find((span) => span.partition === partition)?.low ?? 0n;
  const end = await writeEnd(kafka, id, partition);
  const groupId = `datacraft-marks-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, readUncommitted: false });
  const { promise: finished, resolve: finish, reject: fail } = Promise.withResolvers<undefined>();
  finished.catch(() => undefined); // told below, once the consumer runs
  let found: string | null = null;
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) fail(unreachable(MARKS_TOPIC, payload.error));
  });
  consumer.on('consumer.group_join', () => {
    const others = spans.map((each) => each.partition).filter((each) => each !== partition);
    consumer.pause([{ topic: MARKS_TOPIC, partitions: others }]);
    consumer.seek({ topic: MARKS_TOPIC, partition, offset: low.toString() });
  });
  const eachBatch = ({ batch }: EachBatchPayload) => {
    if (batch.partition !== partition) return Promise.resolve();
    for (const { key, value, offset } of batch.messages) {
      if (key?.toString('utf8') === id) found = value?.toString('utf8') ?? null;
      if (BigInt(offset) >= end) finish(undefined);
    }
    return Promise.resolve();
  };
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: MARKS_TOPIC, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch });
    await finished;
    return found === null ? null : (JSON.parse(found) as SinkMark);
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined); // an empty group also goes by itself
  }
}

/** A message behind all that is there; answers its place. */
async function writeEnd(kafka: Kafka, id: string, partition: number): Promise<bigint> {
  const producer = kafka.producer();
  try {
    await producer.connect();
    const messages = [{ key: `${id} read`, value: '{}', partition }];
    const [written] = await producer.send({ topic: MARKS_TOPIC, messages });
    return BigInt(written?.baseOffset ?? '0');
  } finally {
    await producer.disconnect();
  }
}

function partitionOf(id: string, count: number): number {
  return createHash('sha256').update(id).digest().readUInt32BE() % count;
}

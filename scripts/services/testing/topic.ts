import { randomUUID } from 'node:crypto';
import type { Admin, KafkaMessage } from 'kafkajs';
import { Kafka, logLevel } from 'kafkajs';

export function kafkaAt(brokers: string): Kafka {
  return new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
}

export async function withAdmin<Result>(kafka: Kafka, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** What who reads committed messages finds in a topic now, by offset. It has to end in something committed. */
export async function committedOf(kafka: Kafka, topic: string): Promise<KafkaMessage[]> {
  const spans = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const ends = new Map(spans.map(({ partition, high }) => [partition, BigInt(high)]));
  const next = new Map(spans.map(({ partition, low }) => [partition, BigInt(low)]));
  const found: { partition: number; message: KafkaMessage }[] = [];
  const consumer = kafka.consumer({ groupId: randomUUID(), readUncommitted: false });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const look = () => {
    if ([...ends].every(([partition, end]) => (next.get(partition) ?? 0n) >= end)) resolve(undefined);
  };
  consumer.on('consumer.end_batch_process', ({ payload }) => {
    next.set(payload.partition, BigInt(payload.lastOffset) + 1n);
    look();
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        for (const message of batch.messages) found.push({ partition: batch.partition, message });
        return Promise.resolve();
      },
    });
    look();
    await promise;
  } finally {
    await consumer.disconnect();
  }
  return found
    .toSorted((a, b) => a.partition - b.partition || Number(BigInt(a.message.offset) - BigInt(b.message.offset)))
    .map(({ message }) => message);
}

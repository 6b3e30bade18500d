/** Looking into a broker: its topics, and the last messages of one as they come. Nothing is kept of it anywhere. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { KafkaSource, KafkaTopic, TailMessage } from '@datacraft/shared';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { RemoteAccess } from '../source.ts';
import { openKafka, settingsOf, spansOf, unreachable } from './client.ts';

const TOPICS_MAX = 1_000;
const SHOWN_BYTES = 2_000;

/** Those that people made, by name, with what each partition holds. */
export async function listTopics(connection: string, remote: RemoteAccess): Promise<KafkaTopic[]> {
  const spec = await settingsOf({ type: 'kafka', connection, topic: '' }, remote);
  const admin = (await openKafka(spec, remote)).admin();
  try {
    await admin.connect();
    const names = (await admin.listTopics()).filter((name) => !name.startsWith('__')).toSorted();
    const topics: KafkaTopic[] = [];
    for (const name of names.slice(0, TOPICS_MAX)) {
      const spans = await spansOf(admin, name);
      const partitions = spans.map(({ partition, low, high }) => ({ partition, low: `${low}`, high: `${high}` }));
      const messages = spans.reduce((sum, { low, high }) => sum + (high - low), 0n).toString();
      topics.push({ name, messages, partitions });
    }
    return topics;
  } catch (error) {
    throw error instanceof Error && error.name === 'Fault' ? error : unreachable(connection, error);
  } finally {
    await admin.disconnect();
  }
}

export interface Tail {
  readonly connection: string;
  readonly topic: string;
  /** So many of each partition that are there already. */
  readonly last: number;
  readonly signal: AbortSignal;
  /** What it answers is waited for. */
  onMessages(messages: readonly TailMessage[]): Promise<void>;
}

/** Tells the last messages and each that comes, committed ones alone, until `signal`. Throws what ends the reading. */
export async function tailTopic(
  { connection, topic, last, signal, onMessages }: Tail,
  remote: RemoteAccess,
): Promise<void> {
  const spec: KafkaSource = await settingsOf({ type: 'kafka', connection, topic }, remote);
  const kafka = await openKafka(spec, remote);
  const admin = kafka.admin();
  const groupId = `datacraft-tail-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, readUncommitted: false });
  const crashed = Promise.withResolvers<never>();
  crashed.promise.catch(() => undefined); // told below, once the consumer runs
  try {
    await admin.connect();
    const spans = await spansOf(admin, topic);
    consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) crashed.reject(unreachable(topic, payload.error));
    });
    consumer.on('consumer.group_join', () => {
      for (const { partition, low, high } of spans) {
        const from = high - BigInt(last) > low ? high - BigInt(last) : low;
        consumer.seek({ topic, partition, offset: from.toString() });
      }
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const eachBatch = ({ batch }: EachBatchPayload) =>
      onMessages(batch.messages.map((each) => shown(batch.partition, each)));
    await consumer.run({ autoCommit: false, eachBatch });
    if (!signal.aborted) await Promise.race([once(signal, 'abort'), crashed.promise]);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof Error && error.name === 'Fault' ? error : unreachable(topic, error);
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined); // an empty group also goes by itself
    await admin.disconnect();
  }
}

function shown(partition: number, { offset, timestamp, key, value }: KafkaMessage): TailMessage {
  return {
    partition,
    offset,
    timestamp: new Date(Number(timestamp)).toISOString(),
    key: key?.toString('utf8') ?? null,
    bytes: value?.subarray(0, SHOWN_BYTES).toString('base64') ?? null,
    sizeBytes: value?.length ?? 0,
  };
}

/** Looking into a broker: its topics, and the last messages of one as they come. Nothing is kept of it anywhere. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { KafkaSource, KafkaTopic, TailMessage } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { RemoteAccess } from '../source.ts';
import { openDecoder } from './format/decoder.ts';
import { Undecodable } from './format/undecodable.ts';
import { openKafka, settingsOf, spansOf } from './client.ts';
import { brokerAway, unreachable } from './unreachable.ts';

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
    throw isFault(error) ? error : brokerAway(connection, error);
  } finally {
    await admin.disconnect();
  }
}

/** Of a topic that is there; null: it will be made when something is sent to it. */
export async function countPartitions(
  { connection, topic }: { readonly connection: string; readonly topic: string },
  remote: RemoteAccess,
): Promise<number | null> {
  const spec = await settingsOf({ type: 'kafka', connection, topic }, remote);
  const admin = (await openKafka(spec, remote)).admin();
  try {
    await admin.connect();
    if (!(await admin.listTopics()).includes(topic)) return null;
    return (await spansOf(admin, topic)).length;
  } catch (error) {
    throw isFault(error) ? error : unreachable(topic, error);
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
    const decode = readerOf(spec, remote);
    const eachBatch = async ({ batch }: EachBatchPayload) => {
      const all = batch.messages.map(async (each) => ({
        ...shown(batch.partition, each),
        decoded: await decode(each),
      }));
      await onMessages(await Promise.all(all));
    };
    await consumer.run({ autoCommit: false, eachBatch });
    if (!signal.aborted) await Promise.race([once(signal, 'abort'), crashed.promise]);
  } catch (error) {
    if (signal.aborted) return;
    throw isFault(error) ? error : unreachable(topic, error);
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined); // an empty group also goes by itself
    await admin.disconnect();
  }
}

/** Messages of a schema registry as JSON, when the connection has one: null where it cannot say. */
function readerOf(spec: KafkaSource, remote: RemoteAccess): (message: KafkaMessage) => Promise<string | null> {
  if (spec.registry === undefined) return () => Promise.resolve(null);
  const decoders = ['avro', 'protobuf'].map((format) => openDecoder({ ...spec, format }, remote));
  return async ({ value }) => {
    if (value?.[0] !== 0) return null;
    for (const decoder of decoders) {
      try {
        return JSON.stringify(await decoder.decode(value)).slice(0, SHOWN_BYTES);
      } catch (error) {
        // Not of this format, or the registry is away: its bytes are shown.
        if (!(error instanceof Undecodable) && !isFault(error)) throw error;
      }
    }
    return null;
  };
}

function shown(partition: number, { offset, timestamp, key, value }: KafkaMessage): Omit<TailMessage, 'decoded'> {
  return {
    partition,
    offset,
    timestamp: new Date(Number(timestamp)).toISOString(),
    key: key?.toString('utf8') ?? null,
    bytes: value?.subarray(0, SHOWN_BYTES).toString('base64') ?? null,
    sizeBytes: value?.length ?? 0,
  };
}

import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { KafkaSource } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { Admin, Batch, Kafka, KafkaMessage } from 'kafkajs';
import { extractAdapter } from '../extract/extract.ts';
import type { ExtractRequest } from '../extract/identify.ts';
import { openKafka, settingsOf, spansOf, unreachable } from './client.ts';
import { extractLive } from './live.ts';
import { openDecoder } from './format/decoder.ts';
import type { MessageWriter } from './message.ts';
import { writeMessage, writeMessages } from './message.ts';
import type { Offsets } from './offsets.ts';
import { beginningOf, offsetsAt, offsetsIn, stateOf } from './offsets.ts';
import { originOfLetter, placeColumns } from './origin.ts';

const BATCHES_AHEAD = 3;

/**
 * Reads a topic up to where it ends when the reading begins, committed messages alone.
 *
 * Q1  Offsets are published with the rows (I3): a message is in the table once, whatever ends a run.
 * Q2  The consumer group is of this reading alone and commits nothing: brokers remember nothing of us.
 */
export const kafkaAdapter = extractAdapter<KafkaSource>({
  shownAs: (spec) => spec.topic,
  isIncremental: () => true,
  alwaysHas: placeColumns,

  async readAgain(cell, { remote }, letters, file) {
    const spec = await settingsOf(cell, remote);
    const writer = { spec, file, decoder: openDecoder(spec, remote) };
    for (const letter of letters) await writeMessage(originOfLetter(letter), writer);
  },

  async extract(cell, request, file) {
    const spec = await settingsOf(cell, request.remote);
    if (request.live) return extractLive(spec, request, request.live, file);
    const kafka = await openKafka(spec, request.remote);
    const admin = kafka.admin();
    try {
      await admin.connect().catch((error: unknown) => {
        throw unreachable(spec.topic, error);
      });
      const spans = await spansOf(admin, spec.topic);
      const atTime = await offsetsAt(admin, spec);
      const next = beginningOf({ topic: spec.topic, spans, last: offsetsIn(request.state), start: spec.start, atTime });
      const ends = new Map(spans.map(({ partition, high }) => [partition, high]));
      if (isRead(next, ends)) return stateOf(next);
      request.expect?.(countBetween(next, ends));
      const writer = { spec, file, decoder: openDecoder(spec, request.remote) };
      await readTo(ends, next, { kafka, admin, spec, request, writer });
      return stateOf(next);
    } finally {
      await admin.disconnect();
    }
  },
});

function isRead(next: Offsets, ends: Offsets): boolean {
  return [...ends].every(([partition, end]) => (next.get(partition) ?? 0n) >= end);
}

/** Offsets of markers and of what was compacted are among them. */
function countBetween(next: Offsets, ends: Offsets): number {
  const all = [...ends].reduce((sum, [partition, end]) => sum + end - (next.get(partition) ?? 0n), 0n);
  return Number(all);
}

interface Reading {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly spec: KafkaSource;
  readonly request: ExtractRequest;
  readonly writer: MessageWriter;
}

/** Moves `next` up to `ends`. A batch may hold only what readers do not see: its end still counts. */
async function readTo(ends: Offsets, next: Map<number, bigint>, reading: Reading): Promise<void> {
  const { kafka, admin, spec, request, writer } = reading;
  const groupId = `datacraft-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, readUncommitted: false, maxBytesPerPartition: 4 * 1024 ** 2 });
  const { promise: finished, resolve: finish, reject: fail } = Promise.withResolvers<undefined>();
  const isEnough = () => isRead(next, ends) || (request.limit !== null && writer.file.count >= request.limit);
  const stop = () => fail(request.signal?.reason instanceof Error ? request.signal.reason : new Error('stopped'));
  request.signal?.addEventListener('abort', stop, { once: true });
  const passed = (partition: number, lastOffset: string) => {
    const after = BigInt(lastOffset) + 1n;
    if (after > (next.get(partition) ?? 0n)) next.set(partition, after);
    if (isEnough()) finish(undefined);
  };
  finished.catch(() => undefined); // told below, once the consumer runs
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) fail(unreachable(spec.topic, payload.error));
  });
  const inOrder = queue(fail);
  consumer.on('consumer.end_batch_process', ({ payload }) => {
    if (payload.batchSize === 0) void inOrder.add(() => passed(payload.partition, payload.lastOffset));
  });
  consumer.on('consumer.group_join', () => {
    for (const [partition, offset] of next) consumer.seek({ topic: spec.topic, partition, offset: offset.toString() });
  });
  const write = async (batch: Batch) => {
    if (isEnough()) return;
    const [from, to] = [next.get(batch.partition) ?? 0n, ends.get(batch.partition) ?? 0n];
    await writeMessages(batch.partition, between(batch.messages, from, to), writer);
    const last = BigInt(batch.lastOffset());
    passed(batch.partition, (last < to ? last : to - 1n).toString());
  };
  const come = new Map(next);
  const receive = async (batch: Batch) => {
    await inOrder.add(() => write(batch));
    come.set(batch.partition, BigInt(batch.lastOffset()) + 1n);
    // One more fetch would wait for messages that nobody asks for.
    if (isRead(come, ends)) await inOrder.end();
  };
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: spec.topic, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: ({ batch }) => receive(batch) });
    await finished;
  } catch (error) {
    if (error instanceof Fault || request.signal?.aborted) throw error;
    throw unreachable(spec.topic, error);
  } finally {
    request.signal?.removeEventListener('abort', stop);
    await consumer.disconnect();
    await inOrder.end();
    await admin.deleteGroups([groupId]).catch(() => undefined); // an empty group also goes by itself
  }
}

/** Work that is done in order while the next batches are fetched; `add` waits while too much is left. */
function queue(fail: (error: unknown) => void) {
  const waiting: Promise<void>[] = [];
  let last = Promise.resolve();
  return {
    async add(work: () => Promise<void> | void): Promise<void> {
      // The next fetch is sent first.
      last = last
        .then(() => turn())
        .then(work)
        .catch(fail);
      waiting.push(last);
      if (waiting.length > BATCHES_AHEAD) await waiting.shift();
    },
    end: () => last,
  };
}

/** Those of `from`, up to before `to`; messages come in order. */
function between(messages: readonly KafkaMessage[], from: bigint, to: bigint): readonly KafkaMessage[] {
  const begin = messages.findIndex(({ offset }) => BigInt(offset) >= from);
  const end = messages.findLastIndex(({ offset }) => BigInt(offset) < to);
  return begin < 0 ? [] : messages.slice(begin, end + 1);
}

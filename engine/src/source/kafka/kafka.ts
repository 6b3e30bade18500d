import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { KafkaSource } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { Admin, Batch, Kafka, KafkaMessage } from 'kafkajs';
import { extractAdapter } from '../extract/extract.ts';
import type { ExtractRequest } from '../extract/identify.ts';
import { openKafka, settingsOf, unreachable } from './client.ts';
import type { Lane } from './lanes.ts';
import { laneOf, lanesNow, partsOf, topicsShown } from './lanes.ts';
import { extractLive } from './live.ts';
import { openDecoder } from './format/decoder.ts';
import type { MessageWriter } from './message.ts';
import { writeMessage, writeMessages } from './message.ts';
import type { Offsets } from './offsets.ts';
import { beginningOf, offsetsAt, offsetsIn, stateOf } from './offsets.ts';
import { originOfLetter, placeColumnsOf } from './origin.ts';

const BATCHES_AHEAD = 3;

/**
 * Reads topics up to where they end when the reading begins, committed messages alone.
 *
 * Q1  Offsets are published with the rows (I3): a message is in the table once, whatever ends a run.
 * Q2  The consumer group is of this reading alone and commits nothing: brokers remember nothing of us.
 */
export const kafkaAdapter = extractAdapter<KafkaSource>({
  shownAs: topicsShown,
  isIncremental: () => true,
  alwaysHas: placeColumnsOf,

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
        throw unreachable(topicsShown(spec), error);
      });
      const last = offsetsIn(request.state);
      const spans = await lanesNow(admin, spec, last);
      const atTime = await offsetsAt(admin, spec, spans);
      const next = beginningOf({ spec, spans, last, atTime });
      const ends = new Map(spans.map(({ lane, high }) => [lane, high]));
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
  return [...ends].every(([lane, end]) => (next.get(lane) ?? 0n) >= end);
}

/** Offsets of markers and of what was compacted are among them. */
function countBetween(next: Offsets, ends: Offsets): number {
  const all = [...ends].reduce((sum, [lane, end]) => sum + end - (next.get(lane) ?? 0n), 0n);
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
async function readTo(ends: Offsets, next: Map<Lane, bigint>, reading: Reading): Promise<void> {
  const { kafka, admin, spec, request, writer } = reading;
  const groupId = `datacraft-${randomUUID()}`;
  const topics = [...new Set([...ends.keys()].map((lane) => partsOf(spec, lane).topic))];
  const consumer = kafka.consumer({
    groupId,
    readUncommitted: false,
    allowAutoTopicCreation: false,
    maxBytesPerPartition: 4 * 1024 ** 2,
  });
  const { promise: finished, resolve: finish, reject: fail } = Promise.withResolvers<undefined>();
  const isEnough = () => isRead(next, ends) || (request.limit !== null && writer.file.count >= request.limit);
  const stop = () => fail(request.signal?.reason instanceof Error ? request.signal.reason : new Error('stopped'));
  request.signal?.addEventListener('abort', stop, { once: true });
  const passed = (lane: Lane, lastOffset: string) => {
    const after = BigInt(lastOffset) + 1n;
    if (after > (next.get(lane) ?? 0n)) next.set(lane, after);
    if (isEnough()) finish(undefined);
  };
  finished.catch(() => undefined); // told below, once the consumer runs
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) fail(unreachable(topicsShown(spec), payload.error));
  });
  const inOrder = queue(fail);
  consumer.on('consumer.end_batch_process', ({ payload }) => {
    const lane = laneOf(spec, payload.topic, payload.partition);
    if (payload.batchSize === 0) void inOrder.add(() => passed(lane, payload.lastOffset));
  });
  consumer.on('consumer.group_join', () => {
    for (const [lane, offset] of next) consumer.seek({ ...partsOf(spec, lane), offset: offset.toString() });
  });
  const write = async (batch: Batch) => {
    if (isEnough()) return;
    const lane = laneOf(spec, batch.topic, batch.partition);
    const [from, to] = [next.get(lane) ?? 0n, ends.get(lane) ?? 0n];
    await writeMessages(batch, between(batch.messages, from, to), writer);
    const last = BigInt(batch.lastOffset());
    passed(lane, (last < to ? last : to - 1n).toString());
  };
  const come = new Map(next);
  const receive = async (batch: Batch) => {
    await inOrder.add(() => write(batch));
    come.set(laneOf(spec, batch.topic, batch.partition), BigInt(batch.lastOffset()) + 1n);
    // One more fetch would wait for messages that nobody asks for.
    if (isRead(come, ends)) await inOrder.end();
  };
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: ({ batch }) => receive(batch) });
    await finished;
  } catch (error) {
    if (error instanceof Fault || request.signal?.aborted) throw error;
    throw unreachable(topicsShown(spec), error);
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

import type { KafkaSource } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { Admin } from 'kafkajs';
import { extractAdapter } from '../extract/extract.ts';
import type { ExtractRequest } from '../extract/extractor.ts';
import { openKafka, settingsOf } from './client.ts';
import { unreachable } from './unreachable.ts';
import type { Lane } from './lanes.ts';
import { laneOf, lanesNow, partsOf, topicsShown } from './lanes.ts';
import { extractLive } from './live.ts';
import { openDecoder } from './format/decoder.ts';
import type { MessageWriter } from './message.ts';
import { writeMessage, writeMessages } from './message.ts';
import type { Offsets } from './offsets.ts';
import { beginningOf, offsetsAt, offsetsIn, stateOf } from './offsets.ts';
import { originOfLetter, placeColumnsOf } from './origin.ts';
import { isOutOfRange } from './reader/broker-error.ts';
import type { Cluster } from './reader/cluster.ts';
import { clusterOf } from './reader/cluster.ts';
import type { Portion } from './reader/reader.ts';
import { readOn } from './reader/reader.ts';

/**
 * Reads topics up to where they end when the reading begins, committed messages alone.
 *
 * Q1  Offsets are published with the rows (I3): a message is in the table once, whatever ends a run.
 * Q2  There is no consumer group: brokers remember nothing of us, and nobody else moves us.
 */
export const kafkaAdapter = extractAdapter<KafkaSource>({
  shownAs: topicsShown,
  isIncremental: () => true,
  comesInParts: true,
  goesOn: true,
  alwaysHas: placeColumnsOf,

  async readAgain(cell, { remote }, letters, file) {
    const spec = await settingsOf(cell, remote);
    const writer = { spec, file, decoder: openDecoder(spec, remote) };
    for (const letter of letters) {
      const { topic, partition } = letter;
      file.took({ topic, partition, lane: laneOf(spec, topic, partition) }, 1);
      await writeMessage(originOfLetter(letter), writer);
    }
  },

  async extract(cell, request, file) {
    const spec = await settingsOf(cell, request.remote);
    if (request.live) return extractLive(spec, request, request.live, file);
    const kafka = await openKafka(spec, request.remote);
    const [admin, cluster] = [kafka.admin(), clusterOf(kafka)];
    try {
      await Promise.all([admin.connect(), cluster.connect()]).catch((error: unknown) => {
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
      await readTo(ends, next, { cluster, admin, spec, request, writer });
      return stateOf(next);
    } finally {
      await Promise.all([admin.disconnect(), cluster.disconnect()]);
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

interface Batch {
  readonly cluster: Cluster;
  readonly admin: Admin;
  readonly spec: KafkaSource;
  readonly request: ExtractRequest;
  readonly writer: MessageWriter;
}

/** Moves `next` up to `ends`. What came may hold only what readers do not see: its end still counts. */
async function readTo(ends: Offsets, next: Map<Lane, bigint>, { cluster, admin, spec, request, writer }: Batch) {
  const enough = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, enough.signal]) : enough.signal;
  const write = async (portion: Portion) => {
    if (enough.signal.aborted) return;
    const [from, to] = [next.get(portion.lane) ?? 0n, ends.get(portion.lane) ?? 0n];
    const place = partsOf(spec, portion.lane);
    for (const each of portion.messages) await writeMessages(place, each.slice(each.from(from), each.from(to)), writer);
    portion.letGo();
    next.set(portion.lane, portion.next < to ? portion.next : to);
    if (request.limit !== null && writer.file.count >= request.limit) enough.abort();
  };
  // Several brokers answer at once.
  let last: Promise<void> = Promise.resolve();
  const receive = (portion: Portion) => (last = last.then(() => write(portion)));
  const isRead = (lane: Lane, at: bigint) => at >= (ends.get(lane) ?? 0n);
  try {
    await readOn({ cluster, spec, next: new Map(next), isRead, receive, signal });
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (isOutOfRange(error)) await sayWhatIsGone(admin, spec, next);
    throw unreachable(topicsShown(spec), error);
  }
  request.signal?.throwIfAborted();
}

/** Messages may be deleted while they are read. */
async function sayWhatIsGone(admin: Admin, spec: KafkaSource, next: Offsets): Promise<void> {
  beginningOf({ spec, spans: await lanesNow(admin, spec, next), last: next, atTime: null });
}

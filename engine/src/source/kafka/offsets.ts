/**
 * Where in each partition a reading begins.
 *
 * O1  What was read before goes on exactly behind it; only a partition that is new begins at `start`.
 * O2  Messages that are gone before they were read, and a topic that begins anew, are faults: never a silent jump.
 */
import type { JsonObject, KafkaSource, Said } from '@datacraft/shared';
import { asSaid, Fault, say } from '@datacraft/shared';
import type { Admin } from 'kafkajs';
import type { PartitionSpan } from './client.ts';

/** The next offset to read of each partition, by its number. */
export type Offsets = ReadonlyMap<number, bigint>;

export function offsetsIn(state: JsonObject | null): Offsets | null {
  const stored = state?.['offsets'];
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return null;
  return new Map(Object.entries(stored).map(([partition, offset]) => [Number(partition), BigInt(String(offset))]));
}

export function stateOf(offsets: Offsets): JsonObject {
  return {
    offsets: Object.fromEntries([...offsets].map(([partition, offset]) => [String(partition), offset.toString()])),
  };
}

export interface Beginning {
  readonly topic: string;
  readonly spans: readonly PartitionSpan[];
  readonly last: Offsets | null;
  readonly start: KafkaSource['start'];
  /** First offsets at or after a time, for `start: <time>`. */
  readonly atTime: Offsets | null;
}

export function beginningOf({ topic, spans, last, start, atTime }: Beginning): Map<number, bigint> {
  const lost = [...(last ?? [])].find(([partition]) => !spans.some((span) => span.partition === partition));
  if (lost) throw madeAnew(topic, lost[0], lost[1]);
  return new Map(
    spans.map((span) => {
      const before = last?.get(span.partition);
      if (before === undefined) return [span.partition, startOf(span, start, atTime)];
      if (before > span.high) throw gone(topic, span, before, asSaid('it was made anew'));
      if (before < span.low)
        throw gone(
          topic,
          span,
          before,
          say('messages {from} to {to} are deleted', { from: String(before), to: String(span.low - 1n) }),
        );
      return [span.partition, before];
    }),
  );
}

function startOf(span: PartitionSpan, start: KafkaSource['start'], atTime: Offsets | null): bigint {
  if (atTime) return atTime.get(span.partition) ?? span.high;
  if (start === undefined || start === 'earliest') return span.low;
  if (start === 'latest') return span.high;
  if (typeof start === 'object') {
    const given = start[String(span.partition)];
    if (given === undefined) return span.low;
    const offset = BigInt(String(given));
    return offset < span.low ? span.low : offset > span.high ? span.high : offset;
  }
  throw new Fault(
    'bad-request',
    say('start: expected earliest, latest, a time or { partition: offset }, got {start}', { start: String(start) }),
  );
}

function gone(topic: string, { partition }: PartitionSpan, offset: bigint, why: Said): Fault {
  return new Fault(
    'source-unreadable',
    say(
      'partition {partition} of {topic} was read up to {offset}, but {why}; nothing was read: run the cell with a full refresh to begin at start:',
      { partition: String(partition), topic, offset: String(offset), why },
    ),
    { file: topic, partition, gone: true },
  );
}

/** First offsets at or after the time that `start` says; null when it says none. */
export async function offsetsAt(admin: Admin, { start, topic }: KafkaSource): Promise<Offsets | null> {
  if (typeof start !== 'string' || start === 'earliest' || start === 'latest') return null;
  const at = Date.parse(start);
  if (Number.isNaN(at)) return null;
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, at);
  return new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
}

export function madeAnew(topic: string, partition: number, offset: bigint): Fault {
  return gone(topic, { partition, low: 0n, high: 0n }, offset, asSaid('it was made anew'));
}

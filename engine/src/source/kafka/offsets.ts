/**
 * Where in each partition a reading begins.
 *
 * O1  What was read before goes on exactly behind it; only a partition that is new begins at `start`.
 * O2  Messages that are gone before they were read, and a topic that begins anew, are faults: never a silent jump.
 */
import type { JsonObject, KafkaSource, Said } from '@datacraft/shared';
import { asSaid, Fault, say } from '@datacraft/shared';
import type { Admin } from 'kafkajs';
import type { Lane, LaneSpan } from './lanes.ts';
import { partsOf } from './lanes.ts';

/** The next offset to read of each partition. */
export type Offsets = ReadonlyMap<Lane, bigint>;

export function offsetsIn(state: JsonObject | null): Offsets | null {
  const stored = state?.['offsets'];
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return null;
  return new Map(Object.entries(stored).map(([lane, offset]) => [lane, BigInt(String(offset))]));
}

export function stateOf(offsets: Offsets): JsonObject {
  return { offsets: Object.fromEntries([...offsets].map(([lane, offset]) => [lane, offset.toString()])) };
}

export interface Beginning {
  readonly spec: KafkaSource;
  readonly spans: readonly LaneSpan[];
  readonly last: Offsets | null;
  /** First offsets at or after a time, for `start: <time>`. */
  readonly atTime: Offsets | null;
}

export function beginningOf({ spec, spans, last, atTime }: Beginning): Map<Lane, bigint> {
  const lost = [...(last ?? [])].find(([lane]) => !spans.some((span) => span.lane === lane));
  if (lost) throw madeAnew(partsOf(spec, lost[0]), lost[1]);
  const known = last && new Set([...last.keys()].map((lane) => partsOf(spec, lane).topic));
  return new Map(
    spans.map((span) => {
      const before = last?.get(span.lane);
      const isLater = known !== null && !known.has(span.topic);
      if (before === undefined) return [span.lane, startOf(span, isLater && !atTime ? 'earliest' : spec.start, atTime)];
      if (before > span.high) throw gone(span, before, asSaid('it was made anew'));
      if (before < span.low)
        throw gone(
          span,
          before,
          say('messages {from} to {to} are deleted', { from: String(before), to: String(span.low - 1n) }),
        );
      return [span.lane, before];
    }),
  );
}

function startOf(span: LaneSpan, start: KafkaSource['start'], atTime: Offsets | null): bigint {
  if (atTime) return atTime.get(span.lane) ?? span.high;
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

type Place = Pick<LaneSpan, 'topic' | 'partition'>;

function gone({ topic, partition }: Place, offset: bigint, why: Said): Fault {
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
export async function offsetsAt(
  admin: Admin,
  { start }: KafkaSource,
  spans: readonly LaneSpan[],
): Promise<Offsets | null> {
  if (typeof start !== 'string' || start === 'earliest' || start === 'latest') return null;
  const at = Date.parse(start);
  if (Number.isNaN(at)) return null;
  return firstAt(admin, at, spans);
}

/** First offsets at or after a time, epoch ms. */
export async function firstAt(admin: Admin, at: number, spans: readonly LaneSpan[]): Promise<Map<Lane, bigint>> {
  const topics = [...new Set(spans.map(({ topic }) => topic))];
  const found = await Promise.all(
    topics.map(async (topic) => ({ topic, offsets: await admin.fetchTopicOffsetsByTimestamp(topic, at) })),
  );
  return new Map(
    spans.flatMap(({ topic, partition, lane }) => {
      const offset = found
        .find((each) => each.topic === topic)
        ?.offsets.find((each) => each.partition === partition)?.offset;
      return offset === undefined ? [] : [[lane, BigInt(offset)] as const];
    }),
  );
}

export function madeAnew(place: Place, offset: bigint): Fault {
  return gone(place, offset, asSaid('it was made anew'));
}

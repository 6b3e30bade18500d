import type { KafkaSource } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { beginningOf, offsetsIn, stateOf } from './offsets.ts';

const span = (partition: number, low: number, high: number) => ({
  topic: 't',
  lane: String(partition),
  partition,
  low: BigInt(low),
  high: BigInt(high),
});
type Start = KafkaSource['start'];
const specOf = (start: Start): KafkaSource => ({
  type: 'kafka',
  topic: 't',
  ...(start === undefined ? {} : { start }),
});
const begin = ({ start, ...more }: Partial<Parameters<typeof beginningOf>[0]> & { start?: Start }) =>
  [
    ...beginningOf({
      spec: specOf(start),
      spans: [span(0, 5, 20), span(1, 0, 3)],
      last: null,
      atTime: null,
      ...more,
    }),
  ].map(([lane, offset]) => [Number(lane), Number(offset)]);

describe('a reading begins', () => {
  it('at start: the earliest, the latest, offsets by partition or a time', () => {
    expect(begin({})).toEqual([
      [0, 5],
      [1, 0],
    ]);
    expect(begin({ start: 'latest' })).toEqual([
      [0, 20],
      [1, 3],
    ]);
    expect(begin({ start: { 0: 7, 1: 99 } })).toEqual([
      [0, 7],
      [1, 3],
    ]);
    expect(begin({ start: '2026-01-01', atTime: new Map([['0', 9n]]) })).toEqual([
      [0, 9],
      [1, 3],
    ]);
    expect(() => begin({ start: 'soon' })).toThrow('start: expected earliest');
  });

  it('O1 behind what was read, and at start in a partition that is new', () => {
    expect(begin({ last: new Map([['0', 12n]]) })).toEqual([
      [0, 12],
      [1, 0],
    ]);
  });

  it('O2 nowhere when messages are gone or the topic begins anew', () => {
    expect(() => begin({ last: new Map([['0', 3n]]) })).toThrow('messages 3 to 4 are deleted');
    expect(() => begin({ last: new Map([['1', 9n]]) })).toThrow('it was made anew');
  });

  it('L2 at the beginning of a topic that was found later, where only newer messages are wanted too', () => {
    const many: KafkaSource = { type: 'kafka', topic_pattern: 'o.*', start: 'latest' };
    const of = (topic: string) => ({ ...span(0, 5, 20), topic, lane: `${topic}:0` });
    const beginning = (last: ReadonlyMap<string, bigint> | null) =>
      beginningOf({ spec: many, spans: [of('old'), of('other')], last, atTime: null });
    expect([...beginning(new Map([['old:0', 7n]]))]).toEqual([
      ['old:0', 7n],
      ['other:0', 5n],
    ]);
    expect(beginning(null).get('other:0')).toBe(20n);
    expect(() => beginning(new Map([['odd:0', 7n]]))).toThrow('partition 0 of odd was read up to 7');
  });

  it('where its state says, whole', () => {
    const offsets = new Map([
      ['0', 12n],
      ['10', 9007199254740993n],
    ]);
    expect(offsetsIn(JSON.parse(JSON.stringify(stateOf(offsets))))).toEqual(offsets);
    expect(offsetsIn(null)).toBeNull();
  });
});

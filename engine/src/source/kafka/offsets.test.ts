import { describe, expect, it } from 'vitest';
import { beginningOf, offsetsIn, stateOf } from './offsets.ts';

const span = (partition: number, low: number, high: number) => ({ partition, low: BigInt(low), high: BigInt(high) });
const begin = (more: Partial<Parameters<typeof beginningOf>[0]>) =>
  [
    ...beginningOf({
      topic: 't',
      spans: [span(0, 5, 20), span(1, 0, 3)],
      last: null,
      start: undefined,
      atTime: null,
      ...more,
    }),
  ].map(Number2);
const Number2 = ([partition, offset]: [number, bigint]) => [partition, Number(offset)];

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
    expect(begin({ start: '2026-01-01', atTime: new Map([[0, 9n]]) })).toEqual([
      [0, 9],
      [1, 3],
    ]);
    expect(() => begin({ start: 'soon' })).toThrow('start: expected earliest');
  });

  it('O1 behind what was read, and at start in a partition that is new', () => {
    expect(begin({ last: new Map([[0, 12n]]) })).toEqual([
      [0, 12],
      [1, 0],
    ]);
  });

  it('O2 nowhere when messages are gone or the topic begins anew', () => {
    expect(() => begin({ last: new Map([[0, 3n]]) })).toThrow('messages 3 to 4 are deleted');
    expect(() => begin({ last: new Map([[1, 9n]]) })).toThrow('it was made anew');
  });

  it('where its state says, whole', () => {
    const offsets = new Map([
      [0, 12n],
      [10, 9007199254740993n],
    ]);
    expect(offsetsIn(JSON.parse(JSON.stringify(stateOf(offsets))))).toEqual(offsets);
    expect(offsetsIn(null)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completeIntervals,
  floorTo,
  intervalRule,
  intervalUnits,
  nextOf,
  owedIntervals,
  rangesOf,
  withinSql,
} from './interval.ts';

const at = (text: string) => Date.parse(text);
const rule = (more: object = {}) => {
  const found = intervalRule({ materialize: 'incremental', time_column: 'at', start: '2024-01-30', ...more });
  if (!found) throw new Error('no rule');
  return found;
};
const days = (intervals: readonly { startMs: number }[]) =>
  intervals.map(({ startMs }) => new Date(startMs).toISOString().slice(0, 10));

describe('intervals', () => {
  it('V1 tile time: each begins where the one before ends, and holds the instants that floor to it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...intervalUnits),
        fc.integer({ min: at('1960-01-01'), max: at('2100-01-01') }),
        (unit, ms) => {
          const start = floorTo(unit, ms);
          const end = nextOf(unit, start);
          expect(start <= ms && ms < end).toBe(true);
          expect([floorTo(unit, start), floorTo(unit, end), floorTo(unit, end - 1)]).toEqual([start, end, start]);
        },
      ),
    );
  });

  it('V1 V2 are those from start to the last that has ended', () => {
    expect(days(completeIntervals(rule(), at('2024-02-02T15:00:00Z')))).toEqual([
      '2024-01-30',
      '2024-01-31',
      '2024-02-01',
    ]);
    expect(days(completeIntervals(rule({ interval: 'month' }), at('2024-04-01T00:00:00Z')))).toEqual([
      '2024-01-01',
      '2024-02-01',
      '2024-03-01',
    ]);
    expect(days(completeIntervals(rule({ interval: 'week' }), at('2024-02-07T00:00:00Z')))).toEqual(['2024-01-29']);
    expect(completeIntervals(rule(), at('2023-01-01'))).toEqual([]);
  });

  it('V3 owe the gaps, oldest first, and the last n again with lookback', () => {
    const nowMs = at('2024-02-04T01:00:00Z');
    const covered = new Set(['2024-01-30', '2024-02-01', '2024-02-02', '2024-02-03'].map(at));
    expect(days(owedIntervals({ rule: rule(), nowMs, covered }))).toEqual(['2024-01-31']);
    expect(days(owedIntervals({ rule: rule({ lookback: 2 }), nowMs, covered }))).toEqual([
      '2024-01-31',
      '2024-02-02',
      '2024-02-03',
    ]);
    const again = { startMs: at('2024-02-01T12:00:00Z'), endMs: at('2024-02-02') };
    expect(days(owedIntervals({ rule: rule(), nowMs, covered, again }))).toEqual(['2024-02-01']);
  });

  it('V2 V3 with allow_partials owe the one under way, partial, whatever is recorded of it as such, and no more', () => {
    const owed = (nowMs: number, more: object, had: string[], again?: [string, string]) =>
      owedIntervals({
        rule: rule({ allow_partials: true, ...more }),
        nowMs,
        covered: new Set(had.map(at)),
        ...(again ? { again: { startMs: at(again[0]), endMs: at(again[1]) } } : {}),
      }).map(({ startMs, isPartial }) => `${days([{ startMs }])}${isPartial ? '*' : ''}`);
    const nowMs = at('2024-02-01T01:00:00Z');
    expect(owed(nowMs, {}, ['2024-01-30', '2024-01-31'])).toEqual(['2024-02-01*']);
    expect(owed(nowMs, { lookback: 1 }, ['2024-01-30', '2024-01-31'])).toEqual(['2024-01-31', '2024-02-01*']);
    expect(owed(at('2024-02-02'), {}, ['2024-01-30', '2024-01-31'])).toEqual(['2024-02-01', '2024-02-02*']);
    expect(owed(at('2024-01-30'), {}, [])).toEqual(['2024-01-30*']);
    expect(owed(at('2024-01-29T23:59:59Z'), {}, [])).toEqual([]);
    expect(owed(nowMs, {}, [], ['2024-01-30', '2024-01-31'])).toEqual(['2024-01-30']);
    expect(owed(nowMs, {}, [], ['2024-01-31', '2024-02-05'])).toEqual(['2024-01-31', '2024-02-01*']);
    expect(owed(nowMs, { allow_partials: false }, ['2024-01-30'])).toEqual(['2024-01-31']);
  });

  it('V3 look back by a length of time as many as it touches', () => {
    const of = (lookback: number | string, interval = 'day') => rule({ lookback, interval }).lookback;
    expect([
      of('36 hours'),
      of('1 week'),
      of('2 days'),
      of(3),
      of('90 minutes', 'hour'),
      of('1 month', 'month'),
    ]).toEqual([2, 7, 2, 3, 2, 1]);
  });

  it('that are neighbours are one range', () => {
    const ranges = rangesOf([
      { startMs: 0, endMs: 1 },
      { startMs: 1, endMs: 2 },
      { startMs: 5, endMs: 6 },
    ]);
    expect(ranges).toEqual([
      { startMs: 0, endMs: 2 },
      { startMs: 5, endMs: 6 },
    ]);
  });

  it('say which key is wrong', () => {
    expect(() => rule({ interval: 'fortnight' })).toThrow('interval: expected one of minute, hour, day');
    expect(() => rule({ start: 'soon' })).toThrow('start: expected a date');
    expect(() => rule({ lookback: 'two' })).toThrow('lookback: expected how many');
    expect(() => withinSql('x', 'VARCHAR', [])).toThrow('time_column: expected a date or a timestamp');
    expect(intervalRule({ materialize: 'incremental', time_column: 'at' })).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamMemory, StreamTimes } from '../../store/stream-memory.ts';
import { figuresOf } from './figures.ts';
import type { Came } from './watermark.ts';
import { advanced } from './watermark.ts';

const spec = { column: 't', delay: '10 seconds', idle: '30 seconds' };
const SECOND_US = 1_000_000;
const rows = (came: Readonly<Record<string, number | null>>, late: Readonly<Record<string, number>> = {}): Came =>
  new Map(
    Object.entries(came).map(([lane, s]) => [
      lane,
      { latestUs: s === null ? null : s * SECOND_US, late: late[lane] ?? 0 },
    ]),
  );
const step = (before: StreamTimes | undefined, came: Came, seconds: number) =>
  advanced(before, came, spec, seconds * 1_000);
const told = (times: StreamTimes) => {
  const late = Object.values(times.partitions).reduce((sum, each) => sum + (each.late ?? 0), 0);
  const memory: StreamMemory = {
    shape: '',
    read: {},
    times: { s: times },
    boundUs: null,
    open: null,
    stateRows: 0,
    late,
  };
  return figuresOf(memory);
};
const holding = (times: StreamTimes) =>
  told(times).partitions?.flatMap(({ lane, holdsBack }) => (holdsBack ? lane : []));

describe('partitions of a stream', () => {
  it('N1 say which of them holds the watermark back, until it was silent for too long', () => {
    const first = step(undefined, rows({ 0: 100, 1: 40, 2: 90 }), 100);
    expect(first.watermarkUs).toBe(30 * SECOND_US);
    expect(holding(first)).toEqual(['1']);
    const second = step(first, rows({ 0: 120, 2: 95 }), 129);
    expect([second.watermarkUs, holding(second)]).toEqual([30 * SECOND_US, ['1']]);
    const third = step(second, rows({ 0: 125 }), 130);
    expect([third.watermarkUs, holding(third)]).toEqual([85 * SECOND_US, ['2']]);
    expect(told(third).partitions?.map(({ lane, isIdle }) => [lane, isIdle])).toEqual([
      ['0', false],
      ['1', true],
      ['2', false],
    ]);
    const back = step(third, rows({ 1: 50 }, { 1: 3 }), 131);
    expect([back.watermarkUs, holding(back)]).toEqual([85 * SECOND_US, ['1']]);
    expect(told(back).partitions?.find(({ lane }) => lane === '1')).toMatchObject({ isIdle: false, late: 3 });
  });

  it('say of one alone that it waits for nobody, and of rows without a time that they came', () => {
    expect(holding(step(undefined, rows({ 0: 5 }), 5))).toEqual([]);
    const untimed = step(undefined, rows({ 0: 5, 1: null }, { 1: 2 }), 5);
    expect(untimed.watermarkUs).toBe(-5 * SECOND_US);
    expect(told(untimed).partitions).toMatchObject([
      { lane: '0', late: 0, holdsBack: true },
      { lane: '1', latest: null, late: 2, holdsBack: false },
    ]);
  });

  it('do not say how many were late where that was not counted from the first', () => {
    const before = { partitions: { 0: { latestUs: 1, seenMs: 0 } }, watermarkUs: null };
    expect(told(step(before, rows({ 0: 5 }, { 0: 4 }), 5)).partitions?.[0]?.late).toBeNull();
  });

  const lane = fc.constantFrom('0', '1', '2', '3');
  const came = fc.dictionary(lane, fc.record({ s: fc.option(fc.nat(500)), late: fc.nat(9) }));
  const commits = fc.array(fc.record({ came, after: fc.nat(60) }), { minLength: 1, maxLength: 12 });

  it('N2 together have the late rows of the stream, and the watermark never goes back or past one that is waited for', () => {
    fc.assert(
      fc.property(commits, (all) => {
        let [times, late, now]: [StreamTimes | undefined, number, number] = [undefined, 0, 0];
        for (const each of all) {
          now += each.after;
          const counted = new Map(
            Object.entries(each.came).map(([name, { s, late: n }]) => [
              name,
              { latestUs: s === null ? null : s * SECOND_US, late: n },
            ]),
          );
          const before: StreamTimes | undefined = times && (JSON.parse(JSON.stringify(times)) as StreamTimes);
          const next = step(before, counted, now);
          late += [...counted.values()].reduce((sum, one) => sum + one.late, 0);
          expect(next.watermarkUs ?? Infinity).toBeGreaterThanOrEqual(before?.watermarkUs ?? -Infinity);
          expect(told(next).partitions?.reduce((sum, one) => sum + (one.late ?? NaN), 0)).toBe(late);
          const waited = Object.values(next.partitions).flatMap((one) =>
            one.isIdle || one.latestUs === null ? [] : one.latestUs,
          );
          if (next.watermarkUs !== (before?.watermarkUs ?? null))
            expect(next.watermarkUs).toBe(Math.min(...waited) - 10 * SECOND_US);
          times = next;
        }
      }),
    );
  });
});

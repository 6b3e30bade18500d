/**
 * The intervals of event time that an incremental cell owes, and those it has.
 *
 * V1  Intervals are half-open, in UTC, and begin where their unit does; the first is that of `start`.
 * V2  Only complete intervals are owed: the one that is under way waits for its end. With `allow_partials` it is owed too,
 *     partial: not had before a run makes it once it is complete.
 * V3  What is owed is what no run has recorded as complete, oldest first, so that a gap heals; and, with `lookback: n`, the last n
 *     complete ones again.
 *
 * Pure: the clock and the record are arguments.
 */
import type { Said, SqlSpec } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';

export const intervalUnits = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type IntervalUnit = (typeof intervalUnits)[number];

/** Epoch ms, half-open. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** What a cell says of its intervals. */
export interface IntervalRule {
  readonly column: string;
  readonly unit: IntervalUnit;
  readonly startMs: number;
  readonly lookback: number;
  /** The interval that is under way is made as far as it is. */
  readonly allowsPartials: boolean;
}

/** More are the sign of a slip: minutes over a year are half a million. */
const INTERVALS_MAX = 200_000;

/** Null for a cell that keeps no record of intervals: that has no `time_column` or no `start`. */
export function intervalRule(spec: SqlSpec): IntervalRule | null {
  if (spec.materialize !== 'incremental' || spec.time_column === undefined || spec.start === undefined) return null;
  const unit = unitOf(spec.interval ?? 'day');
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(spec.start) ? `${spec.start}T00:00:00Z` : zoned(spec.start));
  if (Number.isNaN(at))
    throw refused('start', say('expected a date such as 2024-01-31, got {start}', { start: spec.start }));
  return {
    column: spec.time_column,
    unit,
    startMs: floorTo(unit, at),
    lookback: lookbackOf(spec.lookback, unit),
    allowsPartials: spec.allow_partials === true,
  };
}

/** A time without a zone is UTC, as everything here. */
function zoned(text: string): string {
  return /([zZ]|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`;
}

function unitOf(text: string): IntervalUnit {
  const word = text.trim().toLowerCase().replace(/^1\s+/, '').replace(/s$/, '');
  const unit = intervalUnits.find((known) => known === word);
  if (unit === undefined)
    throw refused('interval', say('expected one of {units}, got {text}', { units: intervalUnits.join(', '), text }));
  return unit;
}

/** A bare number counts intervals; a length of time is as many as it touches. */
function lookbackOf(lookback: number | string | undefined, unit: IntervalUnit): number {
  if (lookback === undefined) return 0;
  const [, digits = '', word = ''] = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(String(lookback)) ?? [];
  const count = digits === '' ? NaN : Number(digits);
  if (Number.isSafeInteger(count) && word === '') return count;
  const other = intervalUnits.find((known) => known === word.toLowerCase().replace(/s$/, ''));
  if (Number.isSafeInteger(count) && other !== undefined)
    return other === unit ? count : Math.ceil((count * LONGEST_MS[other]) / SHORTEST_MS[unit]);
  throw refused(
    'lookback',
    say('expected how many intervals, such as 2, or a length of time such as 36 hours, got {lookback}', {
      lookback: String(lookback),
    }),
  );
}

const HOUR_MS = 3_600_000;
/** Months, quarters and years differ: one too many is made again rather than one too few. */
const LONGEST_MS: Readonly<Record<IntervalUnit, number>> = {
  minute: 60_000,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 168 * HOUR_MS,
  month: 31 * 24 * HOUR_MS,
  quarter: 92 * 24 * HOUR_MS,
  year: 366 * 24 * HOUR_MS,
};
const SHORTEST_MS: Readonly<Record<IntervalUnit, number>> = {
  ...LONGEST_MS,
  month: 28 * 24 * HOUR_MS,
  quarter: 90 * 24 * HOUR_MS,
  year: 365 * 24 * HOUR_MS,
};

/** The beginning of the interval that holds this instant. */
export function floorTo(unit: IntervalUnit, atMs: number): number {
  const at = new Date(atMs);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  switch (unit) {
    case 'minute':
      return Math.floor(atMs / 60_000) * 60_000;
    case 'hour':
      return Math.floor(atMs / 3_600_000) * 3_600_000;
    case 'day':
      return Math.floor(atMs / DAY_MS) * DAY_MS;
    case 'week': {
      const day = Math.floor(atMs / DAY_MS);
      return (day - ((((day + 3) % 7) + 7) % 7)) * DAY_MS; // 1970-01-01 was a Thursday; weeks begin on Mondays
    }
    case 'month':
      return Date.UTC(year, month);
    case 'quarter':
      return Date.UTC(year, month - (month % 3));
    case 'year':
      return Date.UTC(year, 0);
  }
}

const DAY_MS = 86_400_000;

/** The beginning of the interval after the one that begins here. */
export function nextOf(unit: IntervalUnit, startMs: number): number {
  const at = new Date(startMs);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  switch (unit) {
    case 'minute':
      return startMs + 60_000;
    case 'hour':
      return startMs + 3_600_000;
    case 'day':
      return startMs + DAY_MS;
    case 'week':
      return startMs + 7 * DAY_MS;
    case 'month':
      return Date.UTC(year, month + 1);
    case 'quarter':
      return Date.UTC(year, month + 3);
    case 'year':
      return Date.UTC(year + 1, 0);
  }
}

/** All complete intervals from `start` on. */
export function completeIntervals({ unit, startMs }: IntervalRule, nowMs: number): Interval[] {
  const intervals: Interval[] = [];
  const horizon = floorTo(unit, nowMs);
  for (let start = startMs; start < horizon; start = nextOf(unit, start)) {
    intervals.push({ startMs: start, endMs: nextOf(unit, start) });
    if (intervals.length > INTERVALS_MAX)
      throw refused(
        'start',
        say('there are more than {most} intervals since then; take a longer interval', { most: INTERVALS_MAX }),
      );
  }
  return intervals;
}

/** The interval that is under way, of a cell that makes it as far as it is. */
export function partialInterval({ unit, startMs, allowsPartials }: IntervalRule, nowMs: number): Interval | null {
  const start = floorTo(unit, nowMs);
  return allowsPartials && start >= startMs ? { startMs: start, endMs: nextOf(unit, start) } : null;
}

export interface Owed {
  readonly rule: IntervalRule;
  readonly nowMs: number;
  /** Beginnings of the intervals that the table has, complete. */
  readonly covered: ReadonlySet<number>;
  /** To be made again, whatever is recorded: the intervals that this range touches. */
  readonly again?: Interval;
}

export interface OwedInterval extends Interval {
  readonly isPartial: boolean;
}

/** V2, V3; with `again`, the intervals of that range alone. */
export function owedIntervals({ rule, nowMs, covered, again }: Owed): OwedInterval[] {
  const complete = completeIntervals(rule, nowMs);
  const partial = partialInterval(rule, nowMs);
  const all = [
    ...complete.map((interval) => ({ ...interval, isPartial: false })),
    ...(partial === null ? [] : [{ ...partial, isPartial: true }]),
  ];
  if (again) return all.filter((interval) => touches(interval, again));
  const lookedBack = new Set(complete.slice(complete.length - rule.lookback).map(({ startMs }) => startMs));
  return all.filter(({ startMs }) => !covered.has(startMs) || lookedBack.has(startMs));
}

export function touches(one: Interval, other: Interval): boolean {
  return one.startMs < other.endMs && one.endMs > other.startMs;
}

/** Neighbours as one: what SQL compares with. */
export function rangesOf(intervals: readonly Interval[]): Interval[] {
  const ranges: Interval[] = [];
  for (const { startMs, endMs } of intervals) {
    const last = ranges.at(-1);
    if (last?.endMs === startMs) ranges[ranges.length - 1] = { startMs: last.startMs, endMs };
    else ranges.push({ startMs, endMs });
  }
  return ranges;
}

/** Whether a row's time lies in one of the ranges; NULL does not. `expression` is of type date, timestamp or timestamptz. */
export function withinSql(expression: string, type: string, ranges: readonly Interval[]): string {
  if (!/^(DATE|TIMESTAMP)/i.test(type))
    throw refused('time_column', say('expected a date or a timestamp, got a column of type {type}', { type }));
  const zone = /TIME ZONE|TZ$/i.test(type) ? '+00' : '';
  const literal = (ms: number) => {
    const text = new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
    return zone === '' ? `TIMESTAMP '${text}'` : `TIMESTAMPTZ '${text}${zone}'`;
  };
  const tests = ranges.map(
    ({ startMs, endMs }) => `(${expression} >= ${literal(startMs)} and ${expression} < ${literal(endMs)})`,
  );
  return tests.length === 0 ? 'false' : `coalesce(${tests.join(' or ')}, false)`;
}

function refused(key: string, message: Said): Fault {
  return new Fault('bad-request', say('{key}: {message}', { key, message }), { field: key });
}

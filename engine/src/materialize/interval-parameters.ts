import type { SqlSpec } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import type { Variable } from '../compile/parameter.ts';
import type { Interval } from './interval.ts';
import { floorTo, intervalRule, partialInterval } from './interval.ts';

/** The first instant of these intervals and the last one's end, which are neighbours or have gaps between them. */
export function hullOf(intervals: readonly Interval[]): Interval | null {
  const [first, last] = [intervals[0], intervals.at(-1)];
  return first === undefined || last === undefined ? null : { startMs: first.startMs, endMs: last.endMs };
}

const DAY_MS = 86_400_000;

/** Where no run says what it makes: all intervals that a run on this day may make. Null of a cell that records none. */
export function wholeRange(spec: SqlSpec, today: string | undefined): Interval | null {
  try {
    const rule = intervalRule(spec);
    if (rule === null) return null;
    const beganMs = today === undefined ? rule.startMs : Date.parse(`${today}T00:00:00Z`);
    const partial = today === undefined ? null : partialInterval(rule, beganMs + DAY_MS - 1);
    return { startMs: rule.startMs, endMs: Math.max(rule.startMs, partial?.endMs ?? floorTo(rule.unit, beganMs)) };
  } catch (error) {
    if (isFault(error, 'bad-request')) return null; // Its task says what is wrong with its keys.
    throw error;
  }
}

/** `$interval_start` and `$interval_end` of one cell, under names that no text can mean. */
export function intervalVariables(cell: string, { startMs, endMs }: Interval): Variable[] {
  const at = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  return [
    { name: intervalVariable(cell, 'interval_start'), value: at(startMs), type: 'TIMESTAMP' },
    { name: intervalVariable(cell, 'interval_end'), value: at(endMs), type: 'TIMESTAMP' },
  ];
}

export function intervalVariable(cell: string, parameter: string): string {
  return `${cell} ${parameter}`;
}

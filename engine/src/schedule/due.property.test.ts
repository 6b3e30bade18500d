/** A year on a virtual clock. The oracle walks the instants and reads the wall clock of each, as a person would. */
import { describe, expect, it } from 'vitest';
import type { ScheduleSpec } from '@datacraft/shared';
import { dueBetween, nextDue } from './due.ts';
import { zoneOf } from './zone.ts';

const MINUTE = 60_000;
/** All due times and all changes of clocks lie on it. */
const STEP = 5 * MINUTE;
const HOUR = 60 * MINUTE;
const year = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) };
const zones = [
  'UTC',
  'America/Sao_Paulo',
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Europe/Berlin',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
];

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A scheduler that looks at random moments, sometimes after days of being away, sometimes with its clock set back. */
function simulate(spec: ScheduleSpec, random: () => number): number[] {
  const decided: number[] = [];
  let cursor = year.from - 1;
  for (let now = year.from; cursor < year.to - 1; now += (random() < 0.05 ? 40 : 0.4) * random() * 24 * HOUR) {
    const clock = Math.min(year.to - 1, random() < 0.1 ? now - HOUR : now);
    decided.push(...dueBetween(spec, cursor, clock));
    cursor = Math.max(cursor, clock);
  }
  return decided;
}

/** Every instant of the year in whole steps whose wall clock matches, the second pass of an hour left out on demand. */
function byWallClock(timezone: string, matches: (local: Date) => boolean, both: boolean): number[] {
  const zone = zoneOf(timezone);
  const seen = new Set<number>();
  const found = new Set<number>();
  for (let at = year.from - 2 * HOUR; at < year.to; at += STEP) {
    const offset = zone.offsetAt(at);
    const before = zone.offsetAt(at - STEP);
    // Clocks jumped forward: what they jumped over is due as far behind the jump.
    for (let skipped = at + before; skipped < at + offset; skipped += STEP)
      if (matches(new Date(skipped))) found.add(skipped - before);
    const local = at + offset;
    if (matches(new Date(local)) && (both || !seen.has(local))) found.add(at);
    if (!both) seen.add(local);
  }
  return [...found].filter((at) => at >= year.from && at < year.to).sort((a, b) => a - b);
}

function counted(decided: readonly number[], expected: readonly number[]) {
  const once = new Set(decided);
  const missed = expected.filter((at) => !once.has(at)).length;
  return { doubled: decided.length - once.size, missed, extra: once.size - (expected.length - missed) };
}

const odd: readonly (readonly [string, (local: Date) => boolean])[] = [
  ['30 2 * * *', (at) => at.getUTCHours() === 2 && at.getUTCMinutes() === 30],
  ['*/20 0-3 * * *', (at) => at.getUTCHours() <= 3 && at.getUTCMinutes() % 20 === 0],
  ['15 2 * * 0', (at) => at.getUTCDay() === 0 && at.getUTCHours() === 2 && at.getUTCMinutes() === 15],
  ['0 0 1 * *', (at) => at.getUTCDate() === 1 && at.getUTCHours() === 0 && at.getUTCMinutes() === 0],
];

describe('a year of due times', () => {
  it.each(zones)('D1 D2 D3 in %s: hourly and odd schedules miss none and double none', (timezone) => {
    const seed = Date.now() % 1_000_000;
    console.log(`due times: seed ${seed}`);
    const random = randomOf(seed);
    const hourly = simulate({ cron: '0 * * * *', timezone }, random);
    const wall = byWallClock(timezone, (at) => at.getUTCMinutes() === 0, true);
    expect(counted(hourly, wall)).toEqual({ doubled: 0, missed: 0, extra: 0 });
    for (const [cron, matches] of odd) {
      const expected = byWallClock(timezone, matches, false);
      expect([cron, counted(simulate({ cron, timezone }, random), expected)]).toEqual([
        cron,
        { doubled: 0, missed: 0, extra: 0 },
      ]);
    }
  });

  it('a million slots: every minute of a year in two zones, none missed, none doubled', () => {
    const random = randomOf(7);
    let slots = 0;
    for (const timezone of ['America/New_York', 'Australia/Lord_Howe']) {
      const decided = simulate({ cron: '* * * * *', timezone }, random);
      slots += decided.length;
      expect(new Set(decided).size).toBe(decided.length);
      expect(decided.every((at, index) => index === 0 || at - (decided[index - 1] ?? 0) === MINUTE)).toBe(true);
    }
    expect(slots).toBe(2 * 365 * 24 * 60);
  }, 60_000);

  it('`every` knows no clocks, and the next due time is the first of those between', () => {
    const every = simulate({ every: '15 minutes', timezone: 'Europe/Berlin' }, randomOf(3));
    expect(every).toHaveLength(365 * 24 * 4);
    const spec = { cron: '30 2 * * *', timezone: 'America/New_York' };
    for (let at = year.from; at < year.to; at += 11 * HOUR)
      expect(nextDue(spec, at)).toBe(dueBetween(spec, at, at + 60 * HOUR)[0]);
    expect(nextDue({ cron: '0 0 30 2 *' }, year.from)).toBeNull();
  });
});

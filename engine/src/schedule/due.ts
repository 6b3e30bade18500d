/**
 * When a schedule is due. Pure: the clock is an argument.
 *
 * D1  Every nominal time is due exactly once: a wall-clock time that the clocks skip is due as long after the gap began
 *     as it lies in it, one that comes twice is due the first time.
 * D2  An expression that is due in every hour follows the hours that pass: a doubled hour is due in both of its passes.
 * D3  Equal instants are one: what the clocks move onto another due time is due with it.
 */
import type { ScheduleSpec } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import { readCron } from './cron.ts';
import { spanMs } from './span.ts';
import { zoneOf } from './zone.ts';

/** One due time, and the half-open interval that ends with it. */
export interface Slot {
  readonly atMs: number;
  readonly startMs: number;
}

const DAY_MS = 86_400_000;
const WINDOWS_MS = [2 * DAY_MS, 40 * DAY_MS, 400 * DAY_MS, 8.1 * 366 * DAY_MS];

/** All due instants in (after, until], ascending, at most `limit` of them. */
export function dueBetween(spec: ScheduleSpec, afterMs: number, untilMs: number, limit = Infinity): number[] {
  if (untilMs <= afterMs || limit <= 0) return [];
  return spec.every === undefined
    ? cronBetween(spec, afterMs, untilMs, limit)
    : everyBetween(spanMs(spec.every), afterMs, untilMs, limit);
}

/** The first due instant after; null when there is none in the next eight years. */
export function nextDue(spec: ScheduleSpec, afterMs: number): number | null {
  for (const windowMs of WINDOWS_MS) {
    const [first] = dueBetween(spec, afterMs, afterMs + windowMs, 1);
    if (first !== undefined) return first;
  }
  return null;
}

/** The next `count` due instants. */
export function nextDues(spec: ScheduleSpec, afterMs: number, count: number): number[] {
  const found: number[] = [];
  for (let at = nextDue(spec, afterMs); at !== null && found.length < count; at = nextDue(spec, at)) found.push(at);
  return found;
}

/** A due instant with the one before it: the interval that the run is for. */
export function slotAt(spec: ScheduleSpec, atMs: number): Slot {
  return { atMs, startMs: previousDue(spec, atMs) ?? atMs };
}

function previousDue(spec: ScheduleSpec, atMs: number): number | null {
  if (spec.every !== undefined) return atMs - spanMs(spec.every);
  for (const windowMs of WINDOWS_MS) {
    const last = dueBetween(spec, atMs - windowMs, atMs - 1).at(-1);
    if (last !== undefined) return last;
  }
  return null;
}

/** Multiples of the length since 1970, so that two schedulers agree without being told. */
function everyBetween(everyMs: number, afterMs: number, untilMs: number, limit: number): number[] {
  const found: number[] = [];
  for (let at = (Math.floor(afterMs / everyMs) + 1) * everyMs; at <= untilMs && found.length < limit; at += everyMs)
    found.push(at);
  return found;
}

function cronBetween(spec: ScheduleSpec, afterMs: number, untilMs: number, limit: number): number[] {
  const times = readCron(cronOf(spec));
  const zone = zoneOf(spec.timezone ?? 'UTC');
  const shift = zone.shiftBetween(afterMs, untilMs);
  const found = new Set<number>();
  const take = (atMs: number) => {
    if (atMs > afterMs && atMs <= untilMs) found.add(atMs);
  };
  const toLocal = untilMs + zone.offsetAt(untilMs) + shift;
  let stopLocal = toLocal;
  let local = times.nextAfter(afterMs + zone.offsetAt(afterMs) - shift - 1_000);
  for (; local !== null && local <= stopLocal; local = times.nextAfter(local)) {
    const instants = zone.instantsOf(local);
    take(instants.atMs);
    if (instants.kind === 'doubled' && times.isEveryHour) take(instants.againMs);
    // What comes later may still be moved before it, by no more than the clocks move.
    if (found.size >= limit) stopLocal = Math.min(stopLocal, local + 2 * shift);
  }
  return [...found].sort((a, b) => a - b).slice(0, Math.min(limit, found.size));
}

function cronOf(spec: ScheduleSpec): string {
  if (spec.cron !== undefined) return spec.cron;
  throw new Fault('bad-request', 'the schedule says neither `cron` nor `every`; add one of them');
}

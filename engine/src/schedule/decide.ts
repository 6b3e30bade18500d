/**
 * What a schedule does with its due times. Pure.
 *
 * P1  Every due time is decided once, and the decision is one of four: run, skipped, missed, coalesced.
 * P2  A due time is missed when nobody looked within the grace; `missed` says which of those are made up. What is made
 *     up waits its turn: the overlap policy is for the due time that is live.
 * P3  What is longer ago than `max_catchup` is not made up. What is live always runs.
 */
import type { ScheduleSpec } from '@datacraft/shared';
import { spanMs } from './span.ts';

export type Decision =
  | { readonly kind: 'run'; readonly atMs: number; readonly cancelsRunning: boolean }
  | { readonly kind: 'skipped' | 'missed'; readonly atMs: number }
  /** It goes with the run that waits already, or with the later due time of this very decision. */
  | { readonly kind: 'coalesced'; readonly atMs: number };

export interface Situation {
  readonly nowMs: number;
  /** Runs of this schedule that have not ended. */
  readonly running: boolean;
  readonly waiting: boolean;
}

/** Longer than a restart, shorter than anybody would call on time. */
export const GRACE_MS = 60_000;

/** `due` ascending, none of it decided before. */
export function decide(
  spec: Pick<ScheduleSpec, 'overlap' | 'missed' | 'max_catchup'>,
  due: readonly number[],
  now: Situation,
): Decision[] {
  const makeUp = madeUp(spec.missed ?? 'latest', due.filter(isYoung(spec, now.nowMs)), now.nowMs);
  let { running, waiting } = now;
  return due.map((atMs): Decision => {
    if (!makeUp.has(atMs)) return { kind: 'missed', atMs };
    const isLate = now.nowMs - atMs > GRACE_MS;
    const decision = isLate ? runIt(atMs) : overlapping(spec.overlap ?? 'skip', atMs, running, waiting);
    if (decision.kind === 'run') {
      waiting = waiting || running;
      running = true;
    }
    return decision;
  });
}

/** P3 */
function isYoung({ max_catchup: most }: Pick<ScheduleSpec, 'max_catchup'>, nowMs: number): (atMs: number) => boolean {
  const oldest = most === undefined ? -Infinity : nowMs - Math.max(GRACE_MS, spanMs(most));
  return (atMs) => atMs >= oldest;
}

function madeUp(policy: 'none' | 'latest' | 'all', due: readonly number[], nowMs: number): ReadonlySet<number> {
  const live = due.filter((atMs) => nowMs - atMs <= GRACE_MS);
  if (policy === 'all') return new Set(due);
  const last = due.at(-1);
  return new Set(policy === 'latest' && live.length === 0 && last !== undefined ? [last] : live);
}

function overlapping(
  policy: NonNullable<ScheduleSpec['overlap']>,
  atMs: number,
  running: boolean,
  waiting: boolean,
): Decision {
  if (!running && !waiting) return runIt(atMs);
  if (policy === 'queue') return runIt(atMs);
  if (policy === 'replace') return { kind: 'run', atMs, cancelsRunning: true };
  if (policy === 'coalesce') return waiting ? { kind: 'coalesced', atMs } : runIt(atMs);
  return { kind: 'skipped', atMs };
}

function runIt(atMs: number): Decision {
  return { kind: 'run', atMs, cancelsRunning: false };
}

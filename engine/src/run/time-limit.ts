import type { Fault } from '@datacraft/shared';

/** Node fires longer timers at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface TimeLimit {
  /** Aborted with the fault when the time is over. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Never over when `afterMs` is null. */
export function timeLimit(afterMs: number | null, why: () => Fault): TimeLimit {
  const late = new AbortController();
  if (afterMs === null) return { signal: late.signal, stop: () => {} };
  const timer = setTimeout(() => late.abort(why()), Math.min(afterMs, LONGEST_TIMER_MS));
  timer.unref();
  return { signal: late.signal, stop: () => clearTimeout(timer) };
}

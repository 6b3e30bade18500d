/**
 * How often a task is tried, and for how long: decided before the first attempt. Pure; randomness is an argument.
 *
 * A1  What the cell says wins over what the schedule says, which wins over the default.
 * A2  Only what may pass is tried again: never what the rows, their contract or the text of the cell are to blame for.
 * A3  So many attempts are of a run, not of a worker: one that a dying worker cut off is one of them, one that a stopping
 *     worker gave back is not.
 */
import type { FaultCode, LimitsSpec } from '@datacraft/shared';
import { asSaid, Fault, isFault, lengthMs, say } from '@datacraft/shared';
import type { TriedBefore } from '../store/attempts.ts';

export interface AttemptPolicy {
  /** With the first one. */
  readonly maxAttempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** Somebody asked for attempts: sources and machines that may do better a little later are waited for. */
  readonly isAsked: boolean;
  readonly attemptTimeoutMs: number | null;
  readonly totalTimeoutMs: number | null;
}

/** Failures that say nothing about the work itself: the same once more may well succeed. */
const PASSING: readonly FaultCode[] = ['worker-died', 'publish-conflict', 'database-unavailable'];
/** Where somebody asked for attempts, also these: the source or the machine may do better a little later. */
const PASSING_LATER: readonly FaultCode[] = ['timed-out', 'disk-full', 'rate-limited'];
const ATTEMPTS = 3;
/** Long enough for a restarting database to answer the second time, short enough that nobody takes it for a hang. */
const BASE_MS = 1_000;
const LONGEST_MS = 60_000;

/** `retries`: how often the run, by its schedule, tries again. */
export function policyOf(spec: LimitsSpec, retries?: number): AttemptPolicy {
  const { max_attempts, backoff, cap } = spec.retries ?? {};
  const baseMs = backoff === undefined ? BASE_MS : lengthMs(backoff);
  return {
    maxAttempts: max_attempts ?? (retries === undefined ? ATTEMPTS : retries + 1),
    baseMs,
    capMs: cap === undefined ? Math.max(LONGEST_MS, baseMs) : lengthMs(cap),
    isAsked: spec.retries !== undefined || retries !== undefined,
    attemptTimeoutMs: msOf(spec.attempt_timeout),
    totalTimeoutMs: msOf(spec.total_timeout),
  };
}

function msOf(length: string | undefined): number | null {
  return length === undefined ? null : lengthMs(length);
}

/** Full jitter: anything up to a bound that doubles with each attempt, so that tasks which failed together come apart. */
export function backoffMs(
  { baseMs, capMs }: Pick<AttemptPolicy, 'baseMs' | 'capMs'>,
  failed: number,
  random: () => number,
): number {
  return Math.round(Math.min(capMs, baseMs * 2 ** (failed - 1)) * random());
}

/** How long to wait after so many failed attempts, the last with `error`; null when none is made again. */
export function waitAfter(policy: AttemptPolicy, error: unknown, failed: number, random: () => number): number | null {
  return failed < policy.maxAttempts && passes(policy, error) ? backoffMs(policy, failed, random) : null;
}

/** A2. */
function passes({ isAsked }: AttemptPolicy, error: unknown): boolean {
  if (!isFault(error) || error.facts['limit'] === 'total_timeout') return false;
  if (PASSING.includes(error.code) || error.facts['limit'] === 'attempt_timeout') return true;
  return isAsked && (PASSING_LATER.includes(error.code) || isAway(error));
}

/** A source that did not answer, or that it has a problem of its own; what it answered otherwise stays the same. */
function isAway({ code, facts }: Fault): boolean {
  const { transport, status } = facts;
  const isBusy = typeof status === 'number' && (status === 429 || status >= 500);
  return code === 'source-unreadable' && (transport === true || isBusy);
}

export function attemptTooLong(timeoutMs: number): Fault {
  return new Fault(
    'timed-out',
    say('the attempt took longer than its attempt_timeout of {seconds} s; raise it, or let the cell do less at once', {
      seconds: timeoutMs / 1_000,
    }),
    { limit: 'attempt_timeout' },
  );
}

/** A3. */
export function noneLeft({ failed, last }: TriedBefore): Fault {
  const why = say(
    'no attempt is left for the worker that took the run over: {attempts} were made, the last one ended so: {last}; mend that and run it again, or raise `max_attempts`',
    {
      attempts: failed,
      last: last.said ?? asSaid(last.message),
    },
  );
  return new Fault('worker-died', why, { limit: 'max_attempts' });
}

/** `last`: why the last attempt failed, when it was not the one that was stopped. */
export function taskTooLong(timeoutMs: number, attempts: number, last: Fault | null): Fault {
  const values = { seconds: timeoutMs / 1_000, attempts };
  return new Fault(
    'timed-out',
    last === null
      ? say(
          'the cell took longer than its total_timeout of {seconds} s, stopped in attempt {attempts}; raise it, or let the cell do less at once',
          values,
        )
      : say(
          'the total_timeout of {seconds} s leaves no time for another attempt after attempt {attempts}: {last}; mend that, or raise total_timeout',
          { ...values, last: asSaid(last.words) },
        ),
    { limit: 'total_timeout' },
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCode, TaskError } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import { finishAttempt, startAttempt } from '../store/runs.ts';
import type { RunDeps } from './context.ts';
import type { WriteBehind } from './write-behind.ts';
import { errorOf } from './error-of.ts';

/** Failures that say nothing about the work itself: the same once more may well succeed. */
const PASSING: readonly FaultCode[] = ['worker-died', 'publish-conflict', 'database-unavailable'];
/** Of a run that says how often to try, also these: the source or the machine may do better a little later. */
const PASSING_LATER: readonly FaultCode[] = ['timed-out', 'disk-full', 'rate-limited'];
const RETRIES = 2;
/** Long enough for a restarting database to answer the second time, short enough that nobody takes it for a hang. */
const BASE_MS = 1_000;
const LONGEST_MS = 60_000;

/** Full jitter: anything up to a bound that doubles with each try, so that tasks which failed together come apart. */
export function backoffMs(retry: number, random: () => number): number {
  return Math.min(LONGEST_MS, BASE_MS * 2 ** retry) * (0.1 + 0.9 * random());
}

/** Does `work`, and again while it fails for reasons that pass. An abort ends the waiting. */
export async function retried<Result>(
  signal: AbortSignal,
  work: () => Promise<Result>,
  asked?: number,
  onRetry?: (words: string) => void,
): Promise<Result> {
  const passing = asked === undefined ? PASSING : [...PASSING, ...PASSING_LATER];
  for (let retry = 0; ; retry += 1) {
    try {
      return await work();
    } catch (error) {
      const passes = isFault(error) && passing.includes(error.code);
      if (!passes || retry >= (asked ?? RETRIES) || signal.aborted) throw error;
      const waitMs = Math.round(backoffMs(retry, Math.random));
      onRetry?.(`attempt ${retry + 1} failed: ${error.message}; tries again in ${waitMs} ms`);
      await sleep(waitMs, undefined, { signal });
    }
  }
}

/** `retried`, with a row in `attempts` for each try, which the work does not wait for. */
export async function attempted<Result>(
  task: { readonly runId: string; readonly cell: string; readonly retries?: number },
  deps: Pick<RunDeps, 'db'> & { readonly writes: WriteBehind; readonly onRetry?: (words: string) => void },
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  return retried(
    signal,
    async () => {
      let attempt = 0;
      deps.writes.add(async () => {
        attempt = await startAttempt(deps.db, task.runId, task.cell);
      });
      const finish = (error: TaskError | null) =>
        deps.writes.add(() => finishAttempt(deps.db, task.runId, task.cell, attempt, error));
      try {
        const result = await work();
        finish(null);
        return result;
      } catch (error) {
        finish(errorOf(error));
        throw error;
      }
    },
    task.retries,
    deps.onRetry,
  );
}

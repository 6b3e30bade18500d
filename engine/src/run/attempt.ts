import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCode, TaskError } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import { finishAttempt, startAttempt } from '../store/runs.ts';
import type { RunDeps } from './context.ts';
import type { WriteBehind } from './write-behind.ts';
import { errorOf } from './error-of.ts';

/** Failures that say nothing about the work itself: the same once more may well succeed. */
const PASSING: readonly FaultCode[] = ['worker-died', 'publish-conflict', 'database-unavailable'];
const MAX_RETRIES = 2;
/** Long enough for a restarting database to answer the second time, short enough that nobody takes it for a hang. */
const BACKOFF_MS = [200, 1_000];

/** Does `work`, up to twice more while it fails for reasons that pass. An abort ends the waiting. */
export async function retried<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await work();
    } catch (error) {
      const passes = isFault(error) && PASSING.includes(error.code);
      if (!passes || retry >= MAX_RETRIES || signal.aborted) throw error;
      await sleep(BACKOFF_MS[retry], undefined, { signal });
    }
  }
}

/** `retried`, with a row in `attempts` for each try, which the work does not wait for. */
export async function attempted<Result>(
  task: { readonly runId: string; readonly cell: string },
  deps: Pick<RunDeps, 'db'> & { readonly writes: WriteBehind },
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  return retried(signal, async () => {
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
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskError } from '@datacraft/shared';
import { Fault, isFault } from '@datacraft/shared';
import type { Graph } from '../compile/graph.ts';
import type { TriedBefore } from '../store/attempts.ts';
import { finishAttempt, startAttempt } from '../store/attempts.ts';
import type { AttemptPolicy } from './attempt-policy.ts';
import { attemptTooLong, noneLeft, policyOf, taskTooLong, waitAfter } from './attempt-policy.ts';
import type { RunDeps } from './context.ts';
import { errorOf } from './error-of.ts';
import { timeLimit } from './time-limit.ts';
import type { WriteBehind } from './write-behind.ts';

/** Ends with `signal`, which is aborted when the attempt takes too long. */
type Work<Result> = (signal: AbortSignal) => Promise<Result>;

/** Writes down an attempt that took so long. */
type RecordFailed = (error: TaskError, tookMs: number) => Promise<void>;

interface Told {
  onStart?(): void;
  onEnd?(error: TaskError | null): void;
  onRetry?(words: string): void;
}

/** Does `work`, and again while it fails for reasons that pass. An abort ends the waiting. */
export async function retried<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  return new Attempts(policyOf({})).make(signal, work);
}

/**
 * What one cell may still try in its run, whoever tried before. A source is read before its task begins: a failure there
 * is a failed attempt of the task, and what succeeds or fails for good is the attempt that the task goes on with.
 */
export class Attempts {
  readonly #policy: AttemptPolicy;
  readonly #random: () => number;
  readonly #before: TriedBefore | null;
  readonly #early: string[] = [];
  #failed: number;
  #spentMs: number;

  constructor(policy: AttemptPolicy, random: () => number = Math.random, before: TriedBefore | null = null) {
    this.#policy = policy;
    this.#random = random;
    this.#before = before;
    this.#failed = before?.failed ?? 0;
    this.#spentMs = before?.spentMs ?? 0;
  }

  /** Before there is a task: what fails is recorded at once, and told when the task begins. */
  async ahead<Result>(signal: AbortSignal, work: Work<Result>, record: RecordFailed = async () => {}): Promise<Result> {
    let recorded: Promise<void> = Promise.resolve();
    let begunMs = 0;
    let last: TaskError | null = null;
    const told: Told = {
      onStart: () => (begunMs = performance.now()),
      onEnd: (error) => (last = error),
      onRetry: (words) => {
        if (last === null) return;
        this.#early.push(words);
        recorded = Promise.all([recorded, record(last, performance.now() - begunMs)]).then(() => undefined);
        recorded.catch(() => undefined); // waited for below
      },
    };
    try {
      return await this.make(signal, work, told);
    } finally {
      this.#failed = (this.#before?.failed ?? 0) + this.#early.length;
      await recorded;
    }
  }

  early(): readonly string[] {
    return this.#early;
  }

  async make<Result>(signal: AbortSignal, work: Work<Result>, told: Told = {}): Promise<Result> {
    if (this.#before !== null && this.#failed >= this.#policy.maxAttempts) throw noneLeft(this.#before);
    const { totalTimeoutMs } = this.#policy;
    const leftMs = totalTimeoutMs === null ? null : Math.max(0, totalTimeoutMs - this.#spentMs);
    const begunMs = performance.now();
    const total = timeLimit(leftMs, () => taskTooLong(totalTimeoutMs ?? 0, this.#failed + 1, null));
    try {
      for (;;) {
        told.onStart?.();
        try {
          const result = await this.#once(signal, total.signal, work);
          told.onEnd?.(null);
          return result;
        } catch (error) {
          told.onEnd?.(errorOf(signal.aborted ? stoppedBy(signal) : error));
          this.#failed += 1;
          if (signal.aborted) throw error;
          const waitMs = this.#waitAfter(error, leftMs === null ? null : leftMs - (performance.now() - begunMs));
          told.onRetry?.(`attempt ${this.#failed} failed: ${errorOf(error).message}; tries again in ${waitMs} ms`);
          await sleep(waitMs, undefined, { signal });
        }
      }
    } finally {
      total.stop();
      this.#spentMs += performance.now() - begunMs;
    }
  }

  /** Throws when nothing more is tried. */
  #waitAfter(error: unknown, leftMs: number | null): number {
    const waitMs = waitAfter(this.#policy, error, this.#failed, this.#random);
    if (waitMs === null) throw error;
    if (leftMs !== null && waitMs >= leftMs)
      throw taskTooLong(this.#policy.totalTimeoutMs ?? 0, this.#failed, isFault(error) ? error : null);
    return waitMs;
  }

  async #once<Result>(signal: AbortSignal, total: AbortSignal, work: Work<Result>): Promise<Result> {
    const { attemptTimeoutMs } = this.#policy;
    const own = timeLimit(attemptTimeoutMs, () => attemptTooLong(attemptTimeoutMs ?? 0));
    try {
      return await work(AbortSignal.any([signal, total, own.signal]));
    } catch (error) {
      if (signal.aborted) throw error;
      throw [total, own.signal].find(({ aborted }) => aborted)?.reason ?? error;
    } finally {
      own.stop();
    }
  }
}

/** Whoever stopped the run, or gave it back, is not what an attempt failed of; losing the run is. */
function stoppedBy({ reason }: AbortSignal): Fault {
  return isFault(reason) ? reason : new Fault('cancelled', 'cancelled');
}

/** Counted for each cell on its own, also before the run has tasks. */
export function attemptsByCell(
  { cells }: Graph,
  retries: number | undefined,
  before: ReadonlyMap<string, TriedBefore>,
): (cell: string) => Attempts {
  const known = new Map<string, Attempts>();
  return (name) => {
    const cell = cells.get(name);
    const isMade = cell !== undefined && cell.kind !== 'chart' && cell.kind !== 'input';
    const policy = policyOf(isMade ? cell.spec : {}, retries);
    const attempts = known.get(name) ?? new Attempts(policy, Math.random, before.get(name) ?? null);
    known.set(name, attempts);
    return attempts;
  };
}

/** `attempts.make`, with a row in `attempts` for each, which the work does not wait for. */
export async function attempted<Result>(
  attempts: Attempts,
  task: { readonly runId: string; readonly cell: string },
  deps: Pick<RunDeps, 'db'> & { readonly writes: WriteBehind; onRetry(words: string): void },
  signal: AbortSignal,
  work: Work<Result>,
): Promise<Result> {
  const { db, writes, onRetry } = deps;
  let attempt = 0;
  const onStart = () =>
    writes.add(async () => {
      attempt = await startAttempt(db, task.runId, task.cell);
    });
  const onEnd = (error: TaskError | null) => writes.add(() => finishAttempt(db, task.runId, task.cell, attempt, error));
  for (const words of attempts.early()) onRetry(words);
  return attempts.make(signal, work, { onStart, onEnd, onRetry });
}

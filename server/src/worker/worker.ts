/**
 * The worker: takes runs from the queue and executes them, one process of it inside `start`, more by `datacraft worker`.
 *
 * A job only names a run; what to do lies in the run's row. A job that comes twice finds the run claimed and does
 * nothing; a run whose worker died is found by its lease, or by the job it left behind, and queued again.
 */
import type { QueuedRunDeps } from '@datacraft/engine';
import { abandonedRuns, executeQueued, failAbandonedCommands, PARKED } from '@datacraft/engine';
import { Logger as WorkerLogger, parseCronItems, run as startRunner } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import { deadHolders, newHolder } from './holder.ts';
import { maintainAll } from './maintenance.ts';
import { enqueueNext, enqueueRun, keepQueue } from './queue.ts';
import { strandedRuns } from './stranded.ts';

export interface WorkerDeps {
  readonly pool: pg.Pool;
  readonly engine: Omit<QueuedRunDeps, 'holder'>;
  readonly log: Logger;
  readonly concurrency?: number;
}

export interface Worker {
  /** Lets go: running executions are parked (their lease ends at once) so that another worker takes them over. */
  stop(): Promise<void>;
}

const SWEEP_EVERY_MS = 5_000;
/** A run that waits for another one of its notebook looks again after this, if the end of that one does not wake it. */
const BUSY_AGAIN_MS = 500;
/** Of one worker, whichever comes first. */
const MAINTAIN_AT = '17 */6 * * *';

export async function startWorker(deps: WorkerDeps): Promise<Worker> {
  const holder = newHolder();
  const engine: QueuedRunDeps = { ...deps.engine, holder };
  const stopping = new AbortController();
  tolerateLostConnections(deps.pool);
  const { db } = engine.deps;
  const begin = () =>
    startRunner({
      pgPool: deps.pool,
      concurrency: deps.concurrency ?? 2,
      noHandleSignals: true,
      pollInterval: 2_000,
      parsedCronItems: parseCronItems([{ task: 'maintain', match: MAINTAIN_AT, options: { maxAttempts: 1 } }]),
      logger: workerLogger(deps.log),
      taskList: {
        run: async (payload) => {
          const runId = runIdOf(payload);
          const outcome = await executeQueued(runId, engine, stopping.signal);
          if (outcome.kind === 'busy') await enqueueRun(db, runId, { delayMs: BUSY_AGAIN_MS });
          else await enqueueNext(db, runId);
        },
        maintain: () => maintainAll(engine.deps, deps.log, stopping.signal),
      },
    });
  const queue = await keepQueue(begin, deps.log);
  const sweep = async () => {
    try {
      const dead = await deadHolders(db, holder);
      const left = [...(await abandonedRuns(db, dead)), ...(await strandedRuns(db))];
      for (const runId of left) await enqueueRun(db, runId);
      await failAbandonedCommands(db, dead);
    } catch (error) {
      deps.log.warn({ err: error }, 'looking for abandoned runs failed; it is tried again');
    }
  };
  await sweep();
  const timer = setInterval(() => void sweep(), SWEEP_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort(PARKED);
      await queue.stop();
    },
  };
}

/** The queue's own chatter is for debugging; its warnings and errors are ours. */
function workerLogger(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ queue: level }, message);
    else log.debug(message);
  });
}

/** A queue connection that breaks while idle must not end the process; the queue reconnects by itself. */
function tolerateLostConnections(pool: pg.Pool): void {
  pool.on('connect', (client) => client.on('error', () => undefined));
}

function runIdOf(payload: unknown): string {
  if (typeof payload === 'object' && payload !== null && 'runId' in payload && typeof payload.runId === 'string')
    return payload.runId;
  throw new Error('a run job must name its run');
}

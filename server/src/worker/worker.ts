/**
 * The worker: takes runs from the queue and executes them, one process of it inside `start`, more by `datacraft worker`.
 *
 * A job only names a run; what to do lies in the run's row. A job that comes twice finds the run claimed and does
 * nothing; a run whose worker died is found by its lease and queued again.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Queryable, QueuedRunDeps } from '@datacraft/engine';
import { abandonedRuns, executeQueued, PARKED } from '@datacraft/engine';
import { Logger as WorkerLogger, run as startRunner } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';

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

export async function startWorker(deps: WorkerDeps): Promise<Worker> {
  const holder = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const engine: QueuedRunDeps = { ...deps.engine, holder };
  const stopping = new AbortController();
  tolerateLostConnections(deps.pool);
  const runner = await startRunner({
    pgPool: deps.pool,
    concurrency: deps.concurrency ?? 2,
    noHandleSignals: true,
    pollInterval: 2_000,
    parsedCronItems: [],
    logger: workerLogger(deps.log),
    taskList: {
      run: async (payload) => {
        await executeQueued(runIdOf(payload), engine, stopping.signal);
      },
    },
  });
  const sweep = async () => {
    try {
      for (const runId of await abandonedRuns(deps.engine.deps.db, await deadHolders(deps.pool, holder))) {
        await enqueueRun(deps.engine.deps.db, runId);
      }
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
      await runner.stop();
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

/** Puts a run in the queue. `client` may be in a transaction: the job is then seen when it commits. */
export async function enqueueRun(client: Queryable, runId: string): Promise<void> {
  await client.query(`select graphile_worker.add_job('run', json_build_object('runId', $1::text), job_key := 'run:' || $1, max_attempts := 3)`, [
    runId,
  ]);
}

function runIdOf(payload: unknown): string {
  if (typeof payload === 'object' && payload !== null && 'runId' in payload && typeof payload.runId === 'string') return payload.runId;
  throw new Error('a run job must name its run');
}

/** Holders on this machine whose process is gone. Others are judged by their lease alone. */
async function deadHolders(pool: pg.Pool, own: string): Promise<string[]> {
  const { rows } = await pool.query<{ holder: string }>(
    `select distinct lease_holder as holder from runs where state = 'running' and lease_holder is not null`,
  );
  return rows.map((row) => row.holder).filter((holder) => holder !== own && isDead(holder));
}

function isDead(holder: string): boolean {
  const [host, pid] = holder.split(':');
  if (host !== hostname() || pid === undefined || !/^\d+$/.test(pid)) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Jobs that name runs, in graphile-worker's tables. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queryable } from '@datacraft/engine';
import type { Runner } from 'graphile-worker';
import type { Logger } from 'pino';

/** Puts a run in the queue. `client` may be in a transaction: the job is then seen when it commits. */
export async function enqueueRun(
  client: Queryable,
  runId: string,
  { delayMs = 0, priority = 0 }: { readonly delayMs?: number; readonly priority?: number } = {},
): Promise<void> {
  await client.query(
    `select graphile_worker.add_job('run', json_build_object('runId', $1::text), job_key := 'run:' || $1, max_attempts := 3,
       run_at := now() + $2 * interval '1 millisecond',
       priority := greatest($3, coalesce((select priority from runs where id = $1), 0)))`,
    [runId, delayMs, priority],
  );
}

/** The run that waited longest for this one of the same owner to end begins at once. */
export async function enqueueNext(client: Queryable, endedRunId: string): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select next.id from runs as ended join runs as next on next.owner_key = ended.owner_key
        and next.environment is not distinct from ended.environment
      where ended.id = $1 and next.state = 'queued' and next.trigger <> 'cli'
      order by next.priority, next.created_at, next.id limit 1`,
    [endedRunId],
  );
  for (const { id } of rows) await enqueueRun(client, id);
}

const BEGIN_AGAIN_MS = 1_000;

/**
 * Takes jobs until it is stopped. A queue can end by itself (a newer program of ours changed its tables, its connection
 * was refused for too long): that is said, and it begins again, for without it no run would ever start.
 */
export async function keepQueue(
  begin: () => Promise<Runner>,
  log: Logger,
  pauseMs = BEGIN_AGAIN_MS,
): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();
  let runner = await begin();
  const keep = async () => {
    for (;;) {
      await runner.promise.catch((error: unknown) => log.warn({ err: error }, 'the queue of runs failed'));
      if (stopping.signal.aborted) return;
      log.error('the queue of runs ended by itself; it begins again');
      runner = await begunAgain();
      if (stopping.signal.aborted) return void (await runner.stop());
    }
  };
  const begunAgain = async (): Promise<Runner> => {
    for (;;) {
      await sleep(pauseMs, undefined, { signal: stopping.signal });
      try {
        return await begin();
      } catch (error) {
        log.error({ err: error }, 'the queue of runs does not begin; it is tried again');
      }
    }
  };
  const keeping = keep().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    stop: async () => {
      stopping.abort();
      await runner.stop().catch((error: unknown) => log.debug({ err: error }, 'the queue had ended already'));
      await keeping;
    },
  };
}

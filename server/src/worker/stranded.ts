import type { Queryable } from '@datacraft/engine';

/** Longer than any worker needs between taking a job and claiming its run or giving it back. */
const GRACE_SECONDS = 10;

/**
 * Queued runs that no worker will ask for: whoever took the job died before it claimed the run, so that the queue keeps
 * the job for that worker for hours, or the job was given up. To queue one twice does no harm. Commands wait for
 * themselves.
 */
export async function strandedRuns(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select runs.id from runs
      where state = 'queued' and trigger <> 'cli' and created_at < now() - $1 * interval '1 second'
        and not exists (
          select 1 from graphile_worker.jobs
           where key = 'run:' || runs.id
             and case when locked_at is null then attempts < max_attempts
                      else locked_at > now() - $1 * interval '1 second' end)`,
    [GRACE_SECONDS],
  );
  return rows.map((row) => row.id);
}

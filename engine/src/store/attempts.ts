import type { AttemptReport, TaskError } from '@datacraft/shared';
import { say, worded } from '@datacraft/shared';
import type { Queryable } from './database.ts';
import { SOON } from './database.ts';
import type { Lease } from './lease.ts';

export async function startAttempt(db: Queryable, runId: string, cell: string): Promise<number> {
  const { rows } = await db.query<{ attempt: number }>(
    `insert into attempts (run_id, cell, attempt)
     select $1, $2, coalesce(max(attempt), 0) + 1 from ${SOON} left join attempts on run_id = $1 and cell = $2
     returning attempt`,
    [runId, cell],
  );
  return rows[0]?.attempt ?? 1;
}

export async function finishAttempt(
  db: Queryable,
  runId: string,
  cell: string,
  attempt: number,
  error: TaskError | null,
): Promise<void> {
  await db.query(
    `update attempts set finished_at = now(), error = $4 from ${SOON}
      where run_id = $1 and cell = $2 and attempt = $3 and finished_at is null`,
    [runId, cell, attempt, error === null ? null : JSON.stringify(error)],
  );
}

/** One that has failed already, after so long. */
export async function recordFailedAttempt(
  db: Queryable,
  { runId, cell }: { readonly runId: string; readonly cell: string },
  error: TaskError,
  tookMs: number,
): Promise<void> {
  await db.query(
    `insert into attempts (run_id, cell, attempt, started_at, finished_at, error)
     select $1, $2, coalesce(max(attempt), 0) + 1, now() - $3 * interval '1 millisecond', now(), $4
       from attempts where run_id = $1 and cell = $2`,
    [runId, cell, tookMs, JSON.stringify(error)],
  );
}

/** What came of the attempts of a cell that were made by workers before. */
export interface TriedBefore {
  /** With those that ended because their worker did; without those of a worker that stopped in good order. */
  readonly failed: number;
  /** Of those that failed by themselves. */
  readonly spentMs: number;
  readonly last: TaskError;
}

/** By cell, for a worker that takes a run over. Attempts that were left open end here. */
export async function takeOverAttempts(db: Queryable, { runId, epoch }: Lease): Promise<Map<string, TriedBefore>> {
  const cut: TaskError = {
    code: 'worker-died',
    ...worded(say('the worker that made this attempt stopped in the middle; another one has taken the run over')),
  };
  const { rows } = await db.query<{ cell: string; failed: number; spent_ms: number; last: TaskError }>(
    `with cut as (
       update attempts set finished_at = now(), error = $3
        where run_id = $1 and finished_at is null and exists (select 1 from runs where id = $1 and lease_epoch = $2)
        returning cell, attempt, error)
     select cell, count(*)::int as failed, sum(spent_ms)::float as spent_ms, (array_agg(error order by attempt desc))[1] as last
       from (select cell, attempt, error, extract(epoch from finished_at - started_at) * 1000 as spent_ms from attempts
              where run_id = $1 and finished_at is not null and error ->> 'code' <> 'cancelled'
              union all select cell, attempt, error, 0 from cut) as each
      group by cell`,
    [runId, epoch, JSON.stringify(cut)],
  );
  return new Map(rows.map(({ cell, failed, spent_ms, last }) => [cell, { failed, spentMs: spent_ms, last }]));
}

/** Every try of every task of a run, in the order they began. */
export async function loadAttempts(db: Queryable, runId: string): Promise<AttemptReport[]> {
  const { rows } = await db.query<{
    cell: string;
    attempt: number;
    started_at: Date;
    finished_at: Date | null;
    error: TaskError | null;
  }>(
    `select cell, attempt, started_at, finished_at, error from attempts where run_id = $1 order by started_at, cell, attempt`,
    [runId],
  );
  return rows.map((row) => ({
    cell: row.cell,
    attempt: row.attempt,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    ...(row.error ? { error: row.error } : {}),
  }));
}

import type { RunState, RunSummary } from '@datacraft/shared';
import type pg from 'pg';
import { visibleTo } from '../auth/permission.ts';

interface Row {
  id: string;
  notebook_id: string | null;
  title: string | null;
  branch: string | null;
  environment: string | null;
  owner_key: string;
  state: RunState;
  trigger: RunSummary['trigger'];
  created_by: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  succeeded: number;
  failed: number;
  skipped: number;
  cancelled: number;
  rows_written: string;
}

/** Newest first; of one notebook or of all that `userId` may see. */
export async function listRuns(
  pool: pg.Pool,
  limit: number,
  of: { notebookId: string } | { userId: string },
): Promise<RunSummary[]> {
  const { rows } = await pool.query<Row>(
    `select runs.id, runs.notebook_id, coalesce(n.title, runs.document ->> 'title') as title, runs.owner_key, runs.state,
            (select b.name from branches b where b.id = runs.notebook_id) as branch, runs.environment,
            runs.trigger, users.name as created_by, runs.created_at, runs.started_at, runs.finished_at,
            count(*) filter (where tasks.state = 'succeeded')::int as succeeded,
            count(*) filter (where tasks.state = 'failed')::int as failed,
            count(*) filter (where tasks.state = 'skipped')::int as skipped,
            count(*) filter (where tasks.state = 'cancelled')::int as cancelled,
            coalesce(sum((tasks.report ->> 'rowsWritten')::bigint), 0) as rows_written
       from runs
       left join notebooks n on n.id = runs.notebook_id
       left join users on users.id = runs.created_by
       left join tasks on tasks.run_id = runs.id
      where ($2::text is null or runs.notebook_id = $2)
        and ($3::text is null or runs.notebook_id is null or ${visibleTo('$3')})
      group by runs.id, n.title, users.name
      order by runs.created_at desc limit $1`,
    [limit, 'notebookId' in of ? of.notebookId : null, 'userId' in of ? of.userId : null],
  );
  return rows.map((row) => ({
    runId: row.id,
    notebookId: row.notebook_id,
    notebookTitle: row.title ?? row.owner_key,
    branch: row.branch,
    environment: row.environment,
    state: row.state,
    trigger: row.trigger,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    taskCounts: { succeeded: row.succeeded, failed: row.failed, skipped: row.skipped, cancelled: row.cancelled },
    rowsWritten: Number(row.rows_written),
  }));
}

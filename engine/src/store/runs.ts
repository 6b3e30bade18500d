import type { RunReport, RunState, TaskReport, TaskState, TaskError } from '@datacraft/shared';
import type { Keeping, Queryable } from './database.ts';
import { keepingSql } from './database.ts';
import type { Lease } from './lease.ts';
import { leaseLost } from './lease.ts';

/** A run as it is asked for: everything its execution needs, pinned for its whole life. */
export interface NewRun {
  readonly runId: string;
  readonly notebookId: string | null;
  readonly ownerKey: string;
  readonly trigger: RunReport['trigger'];
  readonly request: object;
  /** The notebook as it was, so that edits during the run change nothing. */
  readonly document: object;
  readonly createdBy: string | null;
  readonly environment: string | null;
  readonly pinned?: Pinned;
}

/** For what a run stands, beside what it does. Lower priorities start first. */
export interface Pinned {
  readonly version?: number;
  readonly logicalAt?: Date;
  readonly interval?: { readonly start: Date; readonly end: Date };
  readonly rerunOf?: string;
  readonly priority?: number;
}

export async function insertRun(db: Queryable, run: NewRun): Promise<void> {
  await db.query(
    `insert into runs (id, notebook_id, owner_key, state, trigger, request, document, created_by,
                       version, logical_at, interval_start, interval_end, rerun_of, priority, environment)
     values ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      run.runId,
      run.notebookId,
      run.ownerKey,
      run.trigger,
      JSON.stringify(run.request),
      JSON.stringify(run.document),
      run.createdBy,
      run.pinned?.version ?? null,
      run.pinned?.logicalAt ?? null,
      run.pinned?.interval?.start ?? null,
      run.pinned?.interval?.end ?? null,
      run.pinned?.rerunOf ?? null,
      run.pinned?.priority ?? 0,
      run.environment,
    ],
  );
}

/** Queued runs are cancelled at once; for running ones the holder sees the request within a second. */
export async function requestCancel(db: Queryable, runId: string): Promise<void> {
  await db.query(
    `update runs
        set cancel_requested_at = coalesce(cancel_requested_at, now()),
            state = case when state = 'queued' then 'cancelled' else state end,
            finished_at = case when state = 'queued' then now() else finished_at end
      where id = $1 and state in ('queued', 'running')`,
    [runId],
  );
}

export interface TaskRow {
  readonly position: number;
  readonly report: TaskReport;
}

/**
 * Writes reports of a run's tasks in one statement; `state` and times follow them. Only the holder of the lease does:
 * a run goes with its notebook, and to another worker when this one was away.
 */
export async function saveTasks(
  db: Queryable,
  lease: Lease,
  tasks: readonly TaskRow[],
  keeping: Keeping = 'kept',
): Promise<void> {
  if (tasks.length === 0) return;
  const rows = tasks.map(({ position, report }) => ({ position, report, is_final: isFinal(report.state) }));
  const { rowCount } = await db.query(
    `insert into tasks (run_id, cell, position, relation, state, report, started_at, finished_at)
     select held.id, each.report ->> 'cell', each.position, each.report ->> 'relation', each.report ->> 'state', each.report,
            (each.report ->> 'startedAt')::timestamptz, case when each.is_final then now() end
       from (select id from runs where id = $1 and lease_epoch = $2 and state = 'running' for key share) as held,
            jsonb_to_recordset($3::jsonb) as each (position int, report jsonb, is_final boolean), ${keepingSql(keeping)}
     on conflict (run_id, cell) do update
        set state = excluded.state, report = excluded.report,
            started_at = coalesce(tasks.started_at, excluded.started_at), finished_at = excluded.finished_at`,
    [lease.runId, lease.epoch, JSON.stringify(rows)],
  );
  if (rowCount === 0) throw leaseLost(lease);
}

function isFinal(state: TaskState): boolean {
  return state !== 'queued' && state !== 'running';
}

interface RunRow {
  id: string;
  notebook_id: string | null;
  state: RunState;
  trigger: RunReport['trigger'];
  error: TaskError | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  version: number | null;
  logical_at: Date | null;
  interval_start: Date | null;
  interval_end: Date | null;
  rerun_of: string | null;
  environment: string | null;
  tasks: TaskReport[];
}

export async function loadRun(db: Queryable, runId: string): Promise<RunReport | null> {
  const { rows } = await db.query<RunRow>(
    `select id, notebook_id, state, trigger, error, created_at, started_at, finished_at,
            version, logical_at, interval_start, interval_end, rerun_of, environment,
            (select coalesce(jsonb_agg(report order by position), '[]') from tasks where run_id = runs.id) as tasks
       from runs where id = $1`,
    [runId],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    runId: row.id,
    notebookId: row.notebook_id,
    state: row.state,
    trigger: row.trigger,
    ...(row.environment === null ? {} : { environment: row.environment }),
    ...pinnedOf(row),
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    ...(row.error ? { error: row.error } : {}),
    tasks: row.tasks,
  };
}

function pinnedOf(row: RunRow): Partial<RunReport> {
  const { interval_start: start, interval_end: end } = row;
  return {
    ...(row.version === null ? {} : { version: row.version }),
    ...(row.logical_at === null ? {} : { logicalAt: row.logical_at.toISOString() }),
    ...(start === null || end === null ? {} : { interval: { start: start.toISOString(), end: end.toISOString() } }),
    ...(row.rerun_of === null ? {} : { rerunOf: row.rerun_of }),
  };
}

/** What a worker needs to execute a run it has claimed. */
export async function loadRunInput(
  db: Queryable,
  runId: string,
): Promise<{
  notebookId: string | null;
  ownerKey: string;
  environment: string | null;
  trigger: RunReport['trigger'];
  request: unknown;
  document: unknown;
  /** The event time it stands for, in epoch ms. */
  interval: { readonly startMs: number; readonly endMs: number } | null;
  /** Its notebook lies in the bin. */
  isBinned: boolean;
} | null> {
  const { rows } = await db.query<{
    notebook_id: string | null;
    owner_key: string;
    environment: string | null;
    trigger: RunReport['trigger'];
    request: unknown;
    document: unknown;
    interval_start: Date | null;
    interval_end: Date | null;
    is_binned: boolean;
  }>(
    `select notebook_id, owner_key, environment, trigger, request, document, interval_start, interval_end,
            exists (select 1 from notebooks where notebooks.id = runs.notebook_id and deleted_at is not null) as is_binned
       from runs where id = $1`,
    [runId],
  );
  const [row] = rows;
  return row
    ? {
        notebookId: row.notebook_id,
        ownerKey: row.owner_key,
        environment: row.environment,
        trigger: row.trigger,
        request: row.request,
        document: row.document,
        interval:
          row.interval_start && row.interval_end
            ? { startMs: row.interval_start.getTime(), endMs: row.interval_end.getTime() }
            : null,
        isBinned: row.is_binned,
      }
    : null;
}

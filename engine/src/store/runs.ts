import type { RunReport, RunState, TaskReport, TaskState, TaskError } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { Queryable } from './database.ts';

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
}

/** A claim on a run. Every write of its holder carries the epoch; a newer epoch makes them all fail. */
export interface Lease {
  readonly runId: string;
  readonly epoch: number;
}

export const LEASE_MS = 15_000;

export async function insertRun(db: Queryable, run: NewRun): Promise<void> {
  await db.query(
    `insert into runs (id, notebook_id, owner_key, state, trigger, request, document, created_by)
     values ($1, $2, $3, 'queued', $4, $5, $6, $7)`,
    [
      run.runId,
      run.notebookId,
      run.ownerKey,
      run.trigger,
      JSON.stringify(run.request),
      JSON.stringify(run.document),
      run.createdBy,
    ],
  );
}

/** Claims a queued run, or a running one whose lease has run out. Null when somebody else holds or has finished it. */
export async function claimRun(db: Queryable, runId: string, holder: string): Promise<Lease | null> {
  const { rows } = await db.query<{ lease_epoch: number }>(
    `update runs
        set state = 'running', started_at = coalesce(started_at, now()), lease_holder = $2,
            lease_epoch = lease_epoch + 1, lease_expires_at = now() + $3 * interval '1 millisecond'
      where id = $1 and (state = 'queued' or (state = 'running' and lease_expires_at < now()))
      returning lease_epoch`,
    [runId, holder, LEASE_MS],
  );
  const [row] = rows;
  return row ? { runId, epoch: row.lease_epoch } : null;
}

/** Extends the lease and tells whether somebody asked to cancel. Throws `lease-lost` when another holder has it. */
export async function renewLease(db: Queryable, lease: Lease): Promise<{ cancelRequested: boolean }> {
  const { rows } = await db.query<{ cancelled: boolean }>(
    `update runs set lease_expires_at = now() + $3 * interval '1 millisecond'
      where id = $1 and lease_epoch = $2 and state = 'running'
      returning cancel_requested_at is not null as cancelled`,
    [lease.runId, lease.epoch, LEASE_MS],
  );
  const [row] = rows;
  if (!row) throw leaseLost(lease);
  return { cancelRequested: row.cancelled };
}

/** Gives a run back unfinished: any worker may claim it at once. */
export async function releaseLease(db: Queryable, lease: Lease): Promise<void> {
  await db.query(
    `update runs set lease_expires_at = now() - interval '1 second' where id = $1 and lease_epoch = $2 and state = 'running'`,
    [lease.runId, lease.epoch],
  );
}

/** The fence: locks the run's row inside the publish transaction and proves that the lease still holds (I5). */
export async function holdLease(tx: Queryable, lease: Lease): Promise<void> {
  const { rowCount } = await tx.query(
    `select 1 from runs where id = $1 and lease_epoch = $2 and state = 'running' for update`,
    [lease.runId, lease.epoch],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

export async function finishRun(db: Queryable, lease: Lease, state: RunState, error: TaskError | null): Promise<void> {
  const { rowCount } = await db.query(
    `update runs set state = $3, error = $4, finished_at = now(), lease_expires_at = null
      where id = $1 and lease_epoch = $2 and state = 'running'`,
    [lease.runId, lease.epoch, state, error === null ? null : JSON.stringify(error)],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

function leaseLost(lease: Lease): Fault {
  return new Fault(
    'lease-lost',
    `run ${lease.runId} was taken over by another worker; this one stops without publishing`,
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

/** Writes one task's report; `state` and times follow it. */
export async function saveTask(db: Queryable, runId: string, position: number, task: TaskReport): Promise<void> {
  await db.query(
    `insert into tasks (run_id, cell, position, relation, state, report, started_at, finished_at)
     values ($1, $2, $3, $4, $5::text, $6, case when $5 = 'running' then now() end, case when $7 then now() end)
     on conflict (run_id, cell) do update
        set state = excluded.state, report = excluded.report,
            started_at = coalesce(tasks.started_at, excluded.started_at), finished_at = excluded.finished_at`,
    [runId, task.cell, position, task.relation, task.state, JSON.stringify(task), isFinal(task.state)],
  );
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
}

export async function loadRun(db: Queryable, runId: string): Promise<RunReport | null> {
  const { rows } = await db.query<RunRow>(
    `select id, notebook_id, state, trigger, error, created_at, started_at, finished_at from runs where id = $1`,
    [runId],
  );
  const [row] = rows;
  if (!row) return null;
  const tasks = await db.query<{ report: TaskReport }>(`select report from tasks where run_id = $1 order by position`, [
    runId,
  ]);
  return {
    runId: row.id,
    notebookId: row.notebook_id,
    state: row.state,
    trigger: row.trigger,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    ...(row.error ? { error: row.error } : {}),
    tasks: tasks.rows.map((task) => task.report),
  };
}

/** What a worker needs to execute a run it has claimed. */
export async function loadRunInput(
  db: Queryable,
  runId: string,
): Promise<{
  notebookId: string | null;
  ownerKey: string;
  trigger: RunReport['trigger'];
  request: unknown;
  document: unknown;
} | null> {
  const { rows } = await db.query<{
    notebook_id: string | null;
    owner_key: string;
    trigger: RunReport['trigger'];
    request: unknown;
    document: unknown;
  }>(`select notebook_id, owner_key, trigger, request, document from runs where id = $1`, [runId]);
  const [row] = rows;
  return row
    ? {
        notebookId: row.notebook_id,
        ownerKey: row.owner_key,
        trigger: row.trigger,
        request: row.request,
        document: row.document,
      }
    : null;
}

/** Runs that were left behind: claimed by a holder that is gone. `holders` are the ones known to be dead now. */
export async function abandonedRuns(db: Queryable, deadHolders: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `update runs set lease_expires_at = now() - interval '1 second'
      where state = 'running' and (lease_expires_at < now() or lease_holder = any($1))
      returning id`,
    [[...deadHolders]],
  );
  return rows.map((row) => row.id);
}

import type { RunReport, RunState, TaskReport, TaskState, TaskError } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { Database, Queryable } from './database.ts';

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

export type Claim =
  | { readonly kind: 'claimed'; readonly lease: Lease }
  /** Another run of the same owner is under way. */
  | { readonly kind: 'busy'; readonly runId: string }
  /** Somebody else holds it, or it has ended. */
  | { readonly kind: 'gone' };

/**
 * Claims a queued run, or a running one whose lease has run out. Runs of one owner follow one another: the second then
 * finds what the first has published.
 */
export async function claimRun(db: Database, runId: string, holder: string): Promise<Claim> {
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(722, 0)`);
    const other = await tx.query<{ id: string }>(
      `select other.id from runs, runs as other
        where runs.id = $1 and other.id <> runs.id and ${SAME_OWNER}
          and other.state = 'running' and other.lease_expires_at >= now()
          and runs.state in ('queued', 'running')
        order by other.created_at limit 1`,
      [runId],
    );
    const [busy] = other.rows;
    if (busy) return { kind: 'busy', runId: busy.id };
    const { rows } = await tx.query<{ lease_epoch: number }>(
      `update runs
          set state = 'running', started_at = coalesce(started_at, now()), lease_holder = $2,
              lease_epoch = lease_epoch + 1, lease_expires_at = now() + $3 * interval '1 millisecond'
        where id = $1 and (state = 'queued' or (state = 'running' and lease_expires_at < now()))
        returning lease_epoch`,
      [runId, holder, LEASE_MS],
    );
    const [row] = rows;
    return row ? { kind: 'claimed', lease: { runId, epoch: row.lease_epoch } } : { kind: 'gone' };
  });
}

/** Notebook files of one title are one owner, as in store/relations. */
const SAME_OWNER = `(other.owner_key = runs.owner_key or (other.owner_key like 'file:%' and runs.owner_key like 'file:%'
  and other.document ->> 'title' = runs.document ->> 'title'))`;

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
  await ofLivingRun(
    runId,
    db.query(
      `insert into tasks (run_id, cell, position, relation, state, report, started_at, finished_at)
     values ($1, $2, $3, $4, $5::text, $6, case when $5 = 'running' then now() end, case when $7 then now() end)
     on conflict (run_id, cell) do update
        set state = excluded.state, report = excluded.report,
            started_at = coalesce(tasks.started_at, excluded.started_at), finished_at = excluded.finished_at`,
      [runId, task.cell, position, task.relation, task.state, JSON.stringify(task), isFinal(task.state)],
    ),
  );
}

const FOREIGN_KEY_VIOLATION = '23503';

/** A run goes with its notebook; who still works on it stops. */
async function ofLivingRun(runId: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION)) throw error;
    throw new Fault('lease-lost', `run ${runId} was deleted with its notebook; it stops`, {}, { cause: error });
  }
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

export async function startAttempt(db: Queryable, runId: string, cell: string): Promise<number> {
  const { rows } = await db.query<{ attempt: number }>(
    `insert into attempts (run_id, cell, attempt)
     select $1, $2, coalesce(max(attempt), 0) + 1 from attempts where run_id = $1 and cell = $2 returning attempt`,
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
    `update attempts set finished_at = now(), error = $4 where run_id = $1 and cell = $2 and attempt = $3`,
    [runId, cell, attempt, error === null ? null : JSON.stringify(error)],
  );
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
  /** Its notebook lies in the bin. */
  isBinned: boolean;
} | null> {
  const { rows } = await db.query<{
    notebook_id: string | null;
    owner_key: string;
    trigger: RunReport['trigger'];
    request: unknown;
    document: unknown;
    is_binned: boolean;
  }>(
    `select notebook_id, owner_key, trigger, request, document,
            exists (select 1 from notebooks where notebooks.id = runs.notebook_id and deleted_at is not null) as is_binned
       from runs where id = $1`,
    [runId],
  );
  const [row] = rows;
  return row
    ? {
        notebookId: row.notebook_id,
        ownerKey: row.owner_key,
        trigger: row.trigger,
        request: row.request,
        document: row.document,
        isBinned: row.is_binned,
      }
    : null;
}

/** Runs that a worker left behind; any worker may claim them now. `deadHolders` are those known to be gone. */
export async function abandonedRuns(db: Queryable, deadHolders: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `update runs set lease_expires_at = now() - interval '1 second'
      where state = 'running' and trigger <> 'cli' and (lease_expires_at < now() or lease_holder = any($1))
      returning id`,
    [[...deadHolders]],
  );
  return rows.map((row) => row.id);
}

const COMMAND_ENDED: TaskError = {
  code: 'worker-died',
  message: 'the command that ran it ended before it was done; nothing of it was published. Run it again',
};

/** Runs of commands that ended in the middle: only that command knew where its files are, so nobody takes them up. */
export async function failAbandonedCommands(db: Queryable, deadHolders: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `with gone as (
       update runs set state = 'failed', error = $2, finished_at = now(), lease_expires_at = null, lease_epoch = lease_epoch + 1
        where state = 'running' and trigger = 'cli' and (lease_expires_at < now() or lease_holder = any($1))
        returning id),
     left_over as (
       update tasks set state = 'failed', finished_at = now(),
              report = report || jsonb_build_object('state', 'failed', 'error', $2::jsonb)
         from gone where tasks.run_id = gone.id and tasks.state in ('queued', 'running'))
     select id from gone`,
    [[...deadHolders], JSON.stringify(COMMAND_ENDED)],
  );
  return rows.map((row) => row.id);
}

/** Who holds runs now. */
export async function leaseHolders(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ holder: string }>(
    `select distinct lease_holder as holder from runs where state = 'running' and lease_holder is not null`,
  );
  return rows.map((row) => row.holder);
}

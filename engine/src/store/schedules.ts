/** Schedules of published versions and the due times that were decided. */
import type { Notebook, Params, Said, ScheduleSpec } from '@datacraft/shared';
import { english } from '@datacraft/shared';
import type { Queryable } from './database.ts';

/** A schedule that is due, with the version it runs. Its row is locked. */
export interface DueSchedule {
  readonly notebookId: string;
  readonly version: number;
  readonly spec: ScheduleSpec;
  readonly document: Notebook;
  readonly cursorAt: Date;
  readonly ownerId: string | null;
}

interface DueRow {
  notebook_id: string;
  version: number;
  spec: ScheduleSpec;
  document: Notebook;
  cursor_at: Date;
  owner_id: string | null;
}

const SAME_TIMES = `schedules.enabled and excluded.enabled
  and (schedules.spec -> 'cron', schedules.spec -> 'every', schedules.spec -> 'timezone')
    is not distinct from (excluded.spec -> 'cron', excluded.spec -> 'every', excluded.spec -> 'timezone')`;

/**
 * Makes the schedule of a version the one that is acted upon; a version without one ends it. Other times begin now;
 * with the same times nothing that fell due is lost.
 */
export async function putSchedule(
  tx: Queryable,
  next: {
    readonly notebookId: string;
    readonly version: number;
    readonly spec: ScheduleSpec | null;
    readonly by: string | null;
    /** The first due time after now. */
    readonly nextAt: Date | null;
    readonly now: Date;
  },
): Promise<void> {
  if (next.spec === null) {
    await tx.query('delete from schedules where notebook_id = $1', [next.notebookId]);
    return;
  }
  await tx.query(
    `insert into schedules (notebook_id, version, spec, enabled, cursor_at, next_at, owner_id, enabled_at)
     values ($1, $2, $3, $4, $5, $6, $7, $5)
     on conflict (notebook_id) do update
        set version = excluded.version, spec = excluded.spec, enabled = excluded.enabled, paused_because = null, paused_said = null,
            owner_id = coalesce(excluded.owner_id, schedules.owner_id), next_at = case when ${SAME_TIMES} then schedules.next_at else excluded.next_at end,
            cursor_at = case when ${SAME_TIMES} then schedules.cursor_at
                             else greatest(schedules.cursor_at, excluded.cursor_at) end,
            enabled_at = excluded.enabled_at`,
    [
      next.notebookId,
      next.version,
      JSON.stringify(next.spec),
      next.spec.enabled ?? true,
      next.now,
      next.nextAt,
      next.by,
    ],
  );
}

/** The database's clock: the one that all schedulers share. */
export async function databaseNow(db: Queryable): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>('select clock_timestamp() as now');
  return rows[0]?.now ?? new Date(NaN);
}

export async function dueNotebooks(db: Queryable, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ notebook_id: string }>(
    `select s.notebook_id from schedules s join notebooks n on n.id = s.notebook_id and n.deleted_at is null
      where s.enabled and s.next_at <= $1 order by s.next_at limit 500`,
    [now],
  );
  return rows.map((row) => row.notebook_id);
}

/** How long until the next due time of any schedule; null when there is none. */
export async function untilNextDue(db: Queryable): Promise<number | null> {
  const { rows } = await db.query<{ ms: number | null }>(
    `select (extract(epoch from min(next_at) - clock_timestamp()) * 1000)::float8 as ms from schedules where enabled`,
  );
  return rows[0]?.ms ?? null;
}

/** Locks the schedule; null when another scheduler is at it or has been. */
export async function lockDue(tx: Queryable, notebookId: string, now: Date): Promise<DueSchedule | null> {
  const { rows } = await tx.query<DueRow>(
    `select s.notebook_id, s.version, s.spec, p.document, s.cursor_at, s.owner_id
       from schedules s join publications p on p.notebook_id = s.notebook_id and p.version = s.version
      where s.notebook_id = $1 and s.enabled and s.next_at <= $2
        for update of s skip locked`,
    [notebookId, now],
  );
  const [row] = rows;
  if (!row) return null;
  const { notebook_id, version, spec, document, cursor_at, owner_id } = row;
  return { notebookId: notebook_id, version, spec, document, cursorAt: cursor_at, ownerId: owner_id };
}

/** False when the due time was decided before: then nothing may come of it again. */
export async function recordSlot(
  tx: Queryable,
  slot: { readonly notebookId: string; readonly dueAt: Date; readonly decision: string; readonly runId: string | null },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into schedule_slots (notebook_id, due_at, decision, run_id) values ($1, $2, $3, $4)
     on conflict (notebook_id, due_at) do nothing`,
    [slot.notebookId, slot.dueAt, slot.decision, slot.runId],
  );
  return rowCount === 1;
}

export async function recordMissed(tx: Queryable, notebookId: string, dueAt: readonly Date[]): Promise<void> {
  if (dueAt.length === 0) return;
  await tx.query(
    `insert into schedule_slots (notebook_id, due_at, decision) select $1, due, 'missed' from unnest($2::timestamptz[]) due
     on conflict (notebook_id, due_at) do nothing`,
    [notebookId, [...dueAt]],
  );
}

export async function moveCursor(
  tx: Queryable,
  notebookId: string,
  cursorAt: Date,
  nextAt: Date | null,
): Promise<void> {
  await tx.query('update schedules set cursor_at = $2, next_at = $3 where notebook_id = $1', [
    notebookId,
    cursorAt,
    nextAt,
  ]);
}

/** Runs of the schedule that have not ended. */
export async function unfinishedRuns(
  tx: Queryable,
  notebookId: string,
): Promise<{ readonly runId: string; readonly state: 'queued' | 'running' }[]> {
  const { rows } = await tx.query<{ id: string; state: 'queued' | 'running' }>(
    `select id, state from runs
      where notebook_id = $1 and trigger = 'schedule' and state in ('queued', 'running') and cancel_requested_at is null
      order by created_at`,
    [notebookId],
  );
  return rows.map((row) => ({ runId: row.id, state: row.state }));
}

/** The waiting run stands for this due time too. */
export async function widenWaiting(
  tx: Queryable,
  notebookId: string,
  end: Date,
): Promise<{ readonly runId: string; readonly start: Date } | null> {
  const { rows } = await tx.query<{ id: string; start: Date }>(
    `update runs set interval_end = $2, logical_at = $2
      where id = (select id from runs where notebook_id = $1 and trigger = 'schedule' and state = 'queued'
                   order by created_at desc limit 1 for update)
      returning id, interval_start as start`,
    [notebookId, end],
  );
  return rows[0] ? { runId: rows[0].id, start: rows[0].start } : null;
}

export async function setRunParams(tx: Queryable, runId: string, params: Params): Promise<void> {
  await tx.query(`update runs set request = jsonb_set(request, '{params}', $2) where id = $1`, [
    runId,
    JSON.stringify(params),
  ]);
}

/** How many of the newest ended runs of the schedule failed without one that succeeded between. */
export async function failuresInARow(tx: Queryable, notebookId: string): Promise<number> {
  const { rows } = await tx.query<{ failures: number }>(
    `select count(*)::int as failures from runs r join schedules s on s.notebook_id = r.notebook_id
      where r.notebook_id = $1 and r.trigger = 'schedule' and r.state = 'failed' and r.created_at >= s.enabled_at
        and not exists (select 1 from runs later where later.notebook_id = $1 and later.trigger = 'schedule'
                         and later.state = 'succeeded' and later.created_at > r.created_at)`,
    [notebookId],
  );
  return rows[0]?.failures ?? 0;
}

/** `because`: of one that pauses itself. */
export async function pauseSchedule(tx: Queryable, notebookId: string, because: Said | null): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update schedules set enabled = false, paused_because = $2, paused_said = $3 where notebook_id = $1 and enabled',
    [notebookId, because && english(because), because && JSON.stringify(because)],
  );
  return rowCount === 1;
}

/** From now on: what fell due while it was paused is not made up. */
export async function resumeSchedule(tx: Queryable, notebookId: string, now: Date, nextAt: Date | null): Promise<void> {
  await tx.query(
    `update schedules set enabled = true, paused_because = null, paused_said = null, enabled_at = $2, next_at = $3,
            cursor_at = greatest(cursor_at, $2)
      where notebook_id = $1`,
    [notebookId, now, nextAt],
  );
}

import type { Queryable } from '@datacraft/engine';
import type { RunState, Said, ScheduleSpec, ScheduleState, ScheduleSummary } from '@datacraft/shared';

interface Row {
  notebook_id: string;
  title: string;
  spec: ScheduleSpec;
  version: number;
  enabled: boolean;
  paused_because: string | null;
  paused_said: Said | null;
  next_at: Date | null;
  run_id: string | null;
  state: RunState | null;
  created_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
}

/** Schedules of notebooks that are not in the bin, soonest first; of one notebook or of all. */
export async function listSchedules(db: Queryable, notebookId?: string): Promise<ScheduleSummary[]> {
  const { rows } = await db.query<Row>(
    `select s.notebook_id, n.title, s.spec, s.version, s.enabled, s.paused_because, s.paused_said, s.next_at,
            r.id as run_id, r.state, r.created_at, r.started_at, r.finished_at
       from schedules s join notebooks n on n.id = s.notebook_id and n.deleted_at is null
       left join lateral (select * from runs where notebook_id = s.notebook_id and trigger = 'schedule'
                           order by created_at desc limit 1) r on true
      where $1::text is null or s.notebook_id = $1
      order by s.enabled desc, s.next_at, n.title`,
    [notebookId ?? null],
  );
  return rows.map((row) => ({
    notebookId: row.notebook_id,
    title: row.title,
    spec: row.spec,
    version: row.version,
    enabled: row.enabled,
    pausedBecause: row.paused_because,
    pausedSaid: row.paused_said,
    nextAt: row.enabled ? (row.next_at?.toISOString() ?? null) : null,
    lastRun: lastRunOf(row),
  }));
}

function lastRunOf(row: Row): ScheduleSummary['lastRun'] {
  if (row.run_id === null || row.state === null || row.created_at === null) return null;
  return {
    runId: row.run_id,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

export async function listSlots(db: Queryable, notebookId: string, limit: number): Promise<ScheduleState['slots']> {
  const { rows } = await db.query<{
    due_at: Date;
    decision: ScheduleState['slots'][number]['decision'];
    run_id: string | null;
  }>(`select due_at, decision, run_id from schedule_slots where notebook_id = $1 order by due_at desc limit $2`, [
    notebookId,
    limit,
  ]);
  return rows.map((row) => ({ dueAt: row.due_at.toISOString(), decision: row.decision, runId: row.run_id }));
}

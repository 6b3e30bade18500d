/** Backfills and their windows. A window is one run; its row says what came of it. */
import type { Queryable } from '@datacraft/engine';
import type { BackfillRequest, BackfillSummary, Notebook } from '@datacraft/shared';
import { Fault, newId } from '@datacraft/shared';
import { visibleTo } from '../auth/permission.ts';

export interface Window {
  readonly start: Date;
  readonly end: Date;
}

export interface RunningBackfill {
  readonly id: string;
  readonly notebookId: string;
  readonly version: number;
  readonly request: BackfillRequest;
  readonly document: Notebook;
  readonly maxParallel: number;
}

const COUNTS = `(select coalesce(jsonb_object_agg(state, n), '{}') from
  (select state, count(*) as n from backfill_windows w where w.backfill_id = b.id group by state) counted)`;

interface Row {
  id: string;
  notebook_id: string;
  title: string;
  version: number;
  state: BackfillSummary['state'];
  request: BackfillRequest;
  counts: Partial<BackfillSummary['counts']>;
  created_at: Date;
  created_by: string | null;
  finished_at: Date | null;
}

/** Newest first; of one notebook, one backfill, or of what somebody may see. */
export async function listBackfills(
  db: Queryable,
  only: { readonly notebookId?: string; readonly id?: string; readonly userId?: string } = {},
): Promise<BackfillSummary[]> {
  const { rows } = await db.query<Row>(
    `select b.id, b.notebook_id, n.title, b.version, b.state, b.request, ${COUNTS} as counts, b.created_at, b.finished_at,
            u.name as created_by
       from backfills b join notebooks n on n.id = b.notebook_id left join users u on u.id = b.created_by
      where ($1::text is null or b.notebook_id = $1) and ($2::text is null or b.id = $2)
        and ($3::text is null or ${visibleTo('$3')})
      order by b.created_at desc limit 100`,
    [only.notebookId ?? null, only.id ?? null, only.userId ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    notebookId: row.notebook_id,
    title: row.title,
    version: row.version,
    state: row.state,
    request: row.request,
    counts: { waiting: 0, queued: 0, succeeded: 0, failed: 0, cancelled: 0, ...row.counts },
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }));
}

export async function insertBackfill(
  tx: Queryable,
  next: Omit<RunningBackfill, 'id'> & { readonly windows: readonly Window[]; readonly by: string | null },
): Promise<string> {
  const id = newId<string>('bkf');
  await tx.query(
    `insert into backfills (id, notebook_id, version, request, document, state, max_parallel, created_by)
     values ($1, $2, $3, $4, $5, 'running', $6, $7)`,
    [
      id,
      next.notebookId,
      next.version,
      JSON.stringify(next.request),
      JSON.stringify(next.document),
      next.maxParallel,
      next.by,
    ],
  );
  await tx.query(
    `insert into backfill_windows (backfill_id, notebook_id, start_at, end_at, state)
     select $1, $2, start_at, end_at, 'waiting' from unnest($3::timestamptz[], $4::timestamptz[]) as w(start_at, end_at)`,
    [id, next.notebookId, next.windows.map((each) => each.start), next.windows.map((each) => each.end)],
  );
  return id;
}

/** What earlier runs of an owner made of each window: the last word of each, by its start and end. */
export async function windowHistory(
  db: Queryable,
  ownerKey: string,
  windows: readonly Window[],
): Promise<Map<string, 'succeeded' | 'failed'>> {
  const { rows } = await db.query<{ start_at: Date; end_at: Date; state: 'succeeded' | 'failed' }>(
    `select distinct on (interval_start, interval_end) interval_start as start_at, interval_end as end_at, state from runs
      where owner_key = $1 and state in ('succeeded', 'failed')
        and interval_start >= $2 and interval_end <= $3
      order by interval_start, interval_end, created_at desc`,
    [ownerKey, windows[0]?.start ?? null, windows.at(-1)?.end ?? null],
  );
  return new Map(rows.map((row) => [windowKey({ start: row.start_at, end: row.end_at }), row.state]));
}

export function windowKey({ start, end }: Window): string {
  return `${start.getTime()}-${end.getTime()}`;
}

/** The middle duration of the last runs of an owner that did something; null when there is none. */
export async function typicalRunMs(db: Queryable, ownerKey: string): Promise<number | null> {
  const { rows } = await db.query<{ ms: number | null }>(
    `select (percentile_cont(0.5) within group (order by extract(epoch from finished_at - started_at)) * 1000)::float8 as ms
       from (select started_at, finished_at from runs r
              where owner_key = $1 and state = 'succeeded' and started_at is not null
                and exists (select 1 from tasks t where t.run_id = r.id and t.state = 'succeeded')
              order by created_at desc limit 50) done`,
    [ownerKey],
  );
  return rows[0]?.ms ?? null;
}

/** Locks a backfill that goes on; null when another process is at it. */
export async function lockBackfill(tx: Queryable, id: string): Promise<RunningBackfill | null> {
  const { rows } = await tx.query<{
    id: string;
    notebook_id: string;
    version: number;
    request: BackfillRequest;
    document: Notebook;
    max_parallel: number;
  }>(`select * from backfills where id = $1 and state = 'running' for update skip locked`, [id]);
  const [row] = rows;
  if (!row) return null;
  const { notebook_id, version, request, document, max_parallel } = row;
  return { id: row.id, notebookId: notebook_id, version, request, document, maxParallel: max_parallel };
}

export async function runningBackfills(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select b.id from backfills b join notebooks n on n.id = b.notebook_id and n.deleted_at is null
      where b.state = 'running' or exists (select 1 from backfill_windows w where w.backfill_id = b.id and w.state = 'queued')
      order by b.created_at limit 100`,
  );
  return rows.map((row) => row.id);
}

/** Windows whose run has ended take its state. */
export async function settleWindows(tx: Queryable, id: string): Promise<void> {
  await tx.query(
    `update backfill_windows w set state = r.state from runs r
      where w.backfill_id = $1 and w.state = 'queued' and r.id = w.run_id and r.state in ('succeeded', 'failed', 'cancelled')`,
    [id],
  );
}

/** How many windows are under way, and whether a run that is not of a backfill wants the notebook. */
export async function pressureOn(tx: Queryable, { id, notebookId }: RunningBackfill) {
  const { rows } = await tx.query<{ queued: number; live: boolean; waiting: number }>(
    `select (select count(*)::int from backfill_windows where backfill_id = $1 and state = 'queued') as queued,
            (select count(*)::int from backfill_windows where backfill_id = $1 and state = 'waiting') as waiting,
            exists (select 1 from runs where notebook_id = $2 and trigger <> 'backfill' and state in ('queued', 'running')) as live`,
    [id, notebookId],
  );
  return rows[0] ?? { queued: 0, live: false, waiting: 0 };
}

/** The next windows, in the order asked for, that nobody else writes. They are marked as queued for these runs. */
export async function takeWindows(
  tx: Queryable,
  { id, notebookId, request }: RunningBackfill,
  count: number,
): Promise<(Window & { readonly runId: string })[]> {
  const { rows } = await tx.query<{ start_at: Date; end_at: Date }>(
    `select start_at, end_at from backfill_windows w where backfill_id = $1 and state = 'waiting'
        and not exists (select 1 from backfill_windows other
                         where other.notebook_id = $2 and other.state = 'queued'
                           and other.start_at < w.end_at and other.end_at > w.start_at)
      order by start_at ${request.order === 'newest_first' ? 'desc' : 'asc'} limit $3`,
    [id, notebookId, count],
  );
  const taken = rows.map((row) => ({ start: row.start_at, end: row.end_at, runId: newId<string>('run') }));
  for (const { start, runId } of taken)
    await tx.query(
      `update backfill_windows set state = 'queued', run_id = $3 where backfill_id = $1 and start_at = $2`,
      [id, start, runId],
    );
  return taken;
}

export async function finishBackfill(tx: Queryable, id: string): Promise<void> {
  await tx.query(`update backfills set state = 'done', finished_at = now() where id = $1 and state = 'running'`, [id]);
}

/** Running ⇄ paused; either → cancelled. Answers the runs that are under way. */
export async function turnBackfill(
  tx: Queryable,
  id: string,
  state: 'running' | 'paused' | 'cancelled',
): Promise<string[]> {
  const { rowCount } = await tx.query(
    `update backfills set state = $2, finished_at = case when $2 = 'cancelled' then now() end
      where id = $1 and state in ('running', 'paused')`,
    [id, state],
  );
  if (rowCount === 0) throw new Fault('conflict', 'this backfill has ended; start another one');
  if (state !== 'cancelled') return [];
  await tx.query(`update backfill_windows set state = 'cancelled' where backfill_id = $1 and state = 'waiting'`, [id]);
  const { rows } = await tx.query<{ run_id: string }>(
    `select run_id from backfill_windows where backfill_id = $1 and state = 'queued'`,
    [id],
  );
  return rows.map((row) => row.run_id);
}

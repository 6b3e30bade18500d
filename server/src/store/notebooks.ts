import type { NotebookId, NotebookSummary, RunState } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';
import { visibleTo } from '../auth/permission.ts';

interface Row {
  id: NotebookId;
  title: string;
  auto_run: boolean;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
  cell_count: number;
  table_count: string;
  run_id: string | null;
  run_state: RunState | null;
  run_finished_at: Date | null;
  run_trigger: string | null;
  link_token: string | null;
  version: number | null;
  published_at: Date | null;
  link_views: string | null;
  data_at: Date | null;
}

const SELECT = `
  select n.id, n.title, n.auto_run, n.created_at, n.updated_at, n.deleted_at, n.cell_count,
         (select count(*) from relations r where r.notebook_id = n.id) as table_count,
         run.id as run_id, run.state as run_state, run.finished_at as run_finished_at, run.trigger as run_trigger,
         link.token as link_token, link.views as link_views, p.version, p.published_at,
         (select min(r.published_at) from relations r where r.notebook_id = n.id) as data_at
    from notebooks n
    left join lateral (select id, state, finished_at, trigger from runs where notebook_id = n.id and environment is null order by created_at desc limit 1) run on true
    left join lateral (select token, views from dashboard_links where notebook_id = n.id and revoked_at is null order by created_at desc limit 1) link on true
    left join lateral (select version, published_at from publications where notebook_id = n.id order by version desc limit 1) p on true`;

function summaryOf(row: Row): NotebookSummary {
  return {
    id: row.id,
    title: row.title,
    autoRun: row.auto_run,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    deletedAt: row.deleted_at?.toISOString() ?? null,
    cellCount: row.cell_count,
    tableCount: Number(row.table_count),
    lastRun:
      row.run_id && row.run_state
        ? {
            runId: row.run_id,
            state: row.run_state,
            finishedAt: row.run_finished_at?.toISOString() ?? null,
            trigger: row.run_trigger ?? '',
          }
        : null,
    publication:
      row.link_token && row.version !== null && row.published_at
        ? {
            url: `/d/${row.link_token}`,
            version: row.version,
            publishedAt: row.published_at.toISOString(),
            dataAt: row.data_at?.toISOString() ?? null,
            views: Number(row.link_views ?? 0),
          }
        : null,
  };
}

/** Latest first; those in the bin only when asked for; of `userId` what that person may see. */
export async function listNotebooks(
  pool: pg.Pool,
  deleted: boolean,
  userId: string | null = null,
): Promise<NotebookSummary[]> {
  const { rows } = await pool.query<Row>(
    `${SELECT} where n.branch_of is null and (n.deleted_at is not null) = $1 and ($2::text is null or ${visibleTo('$2')}) order by coalesce(n.deleted_at, n.updated_at) desc, n.id`,
    [deleted, userId],
  );
  return rows.map(summaryOf);
}

/** Also one in the bin, so that it can be restored. */
export async function loadNotebook(pool: pg.Pool, id: string): Promise<NotebookSummary> {
  const { rows } = await pool.query<Row>(`${SELECT} where n.id = $1`, [id]);
  const [row] = rows;
  if (!row) throw noSuch(id);
  return summaryOf(row);
}

/** One that is there and does not lie in the bin. */
export async function loadPresent(pool: pg.Pool, id: string): Promise<NotebookSummary> {
  const found = await loadNotebook(pool, id);
  if (found.deletedAt === null) return found;
  throw new Fault('not-found', say('the notebook {id} lies in the bin; restore it first', { id }));
}

export async function setAutoRun(pool: pg.Pool, id: string, autoRun: boolean): Promise<void> {
  await pool.query('update notebooks set auto_run = $2 where id = $1', [id, autoRun]);
}

export async function moveToBin(pool: pg.Pool, id: string): Promise<void> {
  const { rowCount } = await pool.query(
    'update notebooks set deleted_at = now() where id = $1 and deleted_at is null',
    [id],
  );
  if (rowCount === 0) throw noSuch(id);
}

export async function takeFromBin(pool: pg.Pool, id: string): Promise<void> {
  const { rowCount } = await pool.query(
    'update notebooks set deleted_at = null where id = $1 and deleted_at is not null',
    [id],
  );
  if (rowCount === 0) throw new Fault('not-found', say('there is no notebook {id} in the bin', { id }));
}

function noSuch(id: string): Fault {
  return new Fault('not-found', say('there is no notebook {id}; it may have been moved to the bin', { id }));
}

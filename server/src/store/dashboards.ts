/** Layouts being arranged, versions that were published, and the links that lead to them. */
import { randomBytes } from 'node:crypto';
import type { Database, Queryable } from '@datacraft/engine';
import { adoptSchedule } from '@datacraft/engine';
import type { DashboardLayout, Notebook } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';

/** A version behind a link: nothing in it changes any more. */
export interface Publication {
  readonly id: string;
  readonly notebookId: string;
  readonly version: number;
  readonly title: string;
  readonly layout: DashboardLayout;
  readonly document: Notebook;
  readonly publishedAt: Date;
  readonly publishedBy: string | null;
}

interface Row {
  id: string;
  notebook_id: string;
  version: number;
  title: string;
  layout: DashboardLayout;
  document: Notebook;
  published_at: Date;
  published_by: string | null;
}

const VERSION = `p.id::text as id, p.notebook_id, p.version, p.title, p.layout, p.document, p.published_at,
  (select u.name from users u where u.id = p.published_by) as published_by`;

function publicationOf(row: Row): Publication {
  return {
    id: row.id,
    notebookId: row.notebook_id,
    version: row.version,
    title: row.title,
    layout: row.layout,
    document: row.document,
    publishedAt: row.published_at,
    publishedBy: row.published_by,
  };
}

export async function savedLayout(db: Queryable, notebookId: string): Promise<DashboardLayout | null> {
  const { rows } = await db.query<{ layout: DashboardLayout }>('select layout from dashboards where notebook_id = $1', [
    notebookId,
  ]);
  return rows[0]?.layout ?? null;
}

export async function saveLayout(db: Queryable, notebookId: string, layout: DashboardLayout): Promise<void> {
  await db.query(
    `insert into dashboards (notebook_id, layout) values ($1, $2)
     on conflict (notebook_id) do update set layout = excluded.layout, updated_at = now()`,
    [notebookId, JSON.stringify(layout)],
  );
}

export interface NewPublication {
  readonly notebookId: string;
  readonly title: string;
  readonly layout: DashboardLayout;
  readonly document: Notebook;
  readonly by: string;
}

/** Freezes a version. The link of earlier versions stays while it is not revoked. */
export async function publish(db: Database, next: NewPublication): Promise<{ token: string; version: number }> {
  return db.transaction(async (tx) => {
    const version = await freeze(tx, next);
    await saveLayout(tx, next.notebookId, next.layout);
    const token = (await liveToken(tx, next.notebookId)) ?? (await newLink(tx, next.notebookId, next.by));
    return { token, version };
  });
}

/** Freezes a version for the schedule and for links that exist; makes no link. */
export async function freeze(tx: Queryable, next: NewPublication): Promise<number> {
  // Two publishes at once make two versions, one after the other.
  await tx.query('select id from notebooks where id = $1 for update', [next.notebookId]);
  const { rows } = await tx.query<{ version: number; at: Date }>(
    `insert into publications (notebook_id, version, title, layout, document, published_by)
     values ($1, (select coalesce(max(version), 0) + 1 from publications where notebook_id = $1), $2, $3, $4, $5)
     returning version, clock_timestamp() as at`,
    [next.notebookId, next.title, JSON.stringify(next.layout), JSON.stringify(next.document), next.by],
  );
  const [row] = rows;
  if (!row) throw new Fault('internal', 'the version was not stored');
  const { notebookId, document, by } = next;
  await adoptSchedule(tx, { notebookId, version: row.version, notebook: document, by, now: row.at });
  return row.version;
}

async function newLink(tx: Queryable, notebookId: string, by: string): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  await tx.query('insert into dashboard_links (token, notebook_id, created_by) values ($1, $2, $3)', [
    token,
    notebookId,
    by,
  ]);
  return token;
}

export async function liveToken(db: Queryable, notebookId: string): Promise<string | null> {
  const { rows } = await db.query<{ token: string }>(
    'select token from dashboard_links where notebook_id = $1 and revoked_at is null order by created_at desc limit 1',
    [notebookId],
  );
  return rows[0]?.token ?? null;
}

/** The link stops working at once; a later publish makes another one. */
export async function revokeLinks(db: Queryable, notebookId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update dashboard_links set revoked_at = now() where notebook_id = $1 and revoked_at is null',
    [notebookId],
  );
  return (rowCount ?? 0) > 0;
}

export async function latestPublication(db: Queryable, notebookId: string): Promise<Publication | null> {
  const { rows } = await db.query<Row>(
    `select ${VERSION} from publications p where p.notebook_id = $1 order by p.version desc limit 1`,
    [notebookId],
  );
  return rows[0] ? publicationOf(rows[0]) : null;
}

export async function publicationOfVersion(
  db: Queryable,
  notebookId: string,
  version: number,
): Promise<Publication | null> {
  const { rows } = await db.query<Row>(
    `select ${VERSION} from publications p where p.notebook_id = $1 and p.version = $2`,
    [notebookId, version],
  );
  return rows[0] ? publicationOf(rows[0]) : null;
}

/** What a link shows: the newest version, unless the link was revoked or the notebook is in the bin. */
export async function publicationOfLink(db: Queryable, token: string): Promise<Publication | null> {
  const { rows } = await db.query<Row>(
    `select ${VERSION} from dashboard_links l
       join notebooks n on n.id = l.notebook_id and n.deleted_at is null
       join publications p on p.notebook_id = l.notebook_id
      where l.token = $1 and l.revoked_at is null order by p.version desc limit 1`,
    [token],
  );
  return rows[0] ? publicationOf(rows[0]) : null;
}

export async function addViews(db: Queryable, token: string, views: number): Promise<void> {
  await db.query('update dashboard_links set views = views + $2 where token = $1', [token, views]);
}

const RECENT_RUNS = 20;

/** Cells of a notebook whose last task, of its recent runs, failed. */
export async function failedCells(db: Queryable, notebookId: string): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ cell: string; state: string }>(
    `select distinct on (t.cell) t.cell, t.state
       from (select id, created_at from runs where notebook_id = $1 and environment is null order by created_at desc limit ${RECENT_RUNS}) r
       join tasks t on t.run_id = r.id
      where t.state in ('succeeded', 'failed') or (t.state = 'skipped' and t.report ->> 'reason' = 'fresh')
      order by t.cell, r.created_at desc`,
    [notebookId],
  );
  return new Set(rows.filter((row) => row.state === 'failed').map((row) => row.cell));
}

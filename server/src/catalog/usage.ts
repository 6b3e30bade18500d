import { listRelations } from '@datacraft/engine';
import type { Queryable } from '@datacraft/engine';
import type { CheckHistory, Json, Notebook, TableDetails, TableDoc } from '@datacraft/shared';
import { isBranchId } from '@datacraft/shared';
import { checkHistory } from './check-history.ts';
import type { DocumentedTable } from './document.ts';
import type { MayRead } from './entries.ts';

/** Tables with their rules as last judged, one after another: a catalogue may be long. */
export async function withChecks(of: CheckedIn, docs: readonly TableDoc[]): Promise<DocumentedTable[]> {
  const documented: DocumentedTable[] = [];
  for (const doc of docs) documented.push({ ...doc, checks: await checksOf(of, doc) });
  return documented;
}

interface CheckedIn {
  /** The branch's, where one is looked at. */
  readonly db: Queryable;
  readonly main: Queryable;
}

/** A branch reads other notebooks' tables, which are judged on main. */
export function checksOf({ db, main }: CheckedIn, { layer, name, notebookId }: TableDoc): Promise<CheckHistory[]> {
  return isBranchId(notebookId) ? checkHistory(db, layer, name, notebookId) : checkHistory(main, layer, name);
}

/** Remembers that somebody read these tables by hand. */
export async function recordReads(db: Queryable, userId: string, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return;
  await db.query(
    `insert into table_reads (layer, name, user_id, day)
     select split_part(read, '.', 1), substr(read, strpos(read, '.') + 1), $1, current_date from unnest($2::text[]) as read
     on conflict (layer, name, user_id, day) do update set reads = table_reads.reads + 1, last_at = now()`,
    [userId, [...new Set(tables)]],
  );
}

/** Who reads a table: cells that publish from it, dashboards that show it, people who ask. */
export async function usageOf(
  db: Queryable,
  table: Pick<TableDoc, 'layer' | 'name' | 'cell' | 'notebookId'>,
  seen: ReadonlySet<string>,
  mayRead: MayRead,
): Promise<TableDetails['usage']> {
  const { layer, name, notebookId: owner } = table;
  const ownerKey = owner === null ? null : `notebook:${owner}`;
  const full = `${layer}.${name}`;
  const isSeen = (id: string | null): boolean => id === null || seen.has(id);
  const readers = (await listRelations(db))
    .filter(mayRead)
    .filter(
      (reader) =>
        full in reader.upstream ||
        (reader.ownerKey === ownerKey && reader.cell !== table.cell && table.cell in reader.upstream),
    );
  const tables = readers.map(({ ref, notebookId, ownerTitle }) => ({
    layer: ref.layer,
    name: ref.name,
    ...(isSeen(notebookId) ? { notebookId, notebookTitle: ownerTitle } : { notebookId: null, notebookTitle: '' }),
  }));
  if (isBranchId(owner)) return { tables, dashboards: [], queries: [] };
  const dashboards = await dashboardsOf(db, { cell: table.cell, ownerKey }, full, seen);
  return { tables, dashboards, queries: await queriesOf(db, layer, name) };
}

async function dashboardsOf(
  db: Queryable,
  table: { readonly cell: string; readonly ownerKey: string | null },
  full: string,
  seen: ReadonlySet<string>,
): Promise<TableDetails['usage']['dashboards']> {
  const { rows } = await db.query<{ notebook_id: string; title: string; document: Notebook; views: string }>(
    `select distinct on (p.notebook_id) p.notebook_id, p.title, p.document,
       (select coalesce(sum(views), 0) from dashboard_links where notebook_id = p.notebook_id) as views
     from publications p join notebooks n on n.id = p.notebook_id and n.deleted_at is null
     where exists (select 1 from dashboard_links l where l.notebook_id = p.notebook_id and l.revoked_at is null)
     order by p.notebook_id, p.version desc`,
  );
  return rows.flatMap(({ notebook_id, title, document, views }) => {
    const isOwn = table.ownerKey === `notebook:${notebook_id}`;
    const reads = document.cells.some(
      ({ kind, config }) => kind === 'chart' && isFrom(config['from'], isOwn ? [full, table.cell] : [full]),
    );
    return reads && seen.has(notebook_id) ? [{ notebookId: notebook_id, title, views: Number(views) }] : [];
  });
}

function isFrom(from: Json | undefined, names: readonly string[]): boolean {
  return typeof from === 'string' && names.includes(from);
}

async function queriesOf(db: Queryable, layer: string, name: string): Promise<TableDetails['usage']['queries']> {
  const { rows } = await db.query<{ by: string; reads: string; last_at: Date }>(
    `select users.name as by, sum(reads) as reads, max(last_at) as last_at from table_reads join users on users.id = user_id
     where layer = $1 and table_reads.name = $2 and day > current_date - 30 group by users.id, users.name order by 3 desc limit 50`,
    [layer, name],
  );
  return rows.map(({ by, reads, last_at }) => ({ by, reads: Number(reads), lastAt: last_at.toISOString() }));
}

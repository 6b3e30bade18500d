import type { CommentAuthor, Notebook, UserId, Version, VersionReason, VersionSummary } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';

interface Row {
  id: string;
  made_at: Date;
  reason: VersionReason;
  name: string;
  message: string;
  made_by: UserId | null;
  maker: string | null;
  changed_cells: number;
  cell_authors: Record<string, UserId[]>;
}

const COLUMNS = `v.id, v.made_at, v.reason, v.name, v.message, v.made_by, v.changed_cells, v.cell_authors,
  (select u.name from users u where u.id = v.made_by) as maker`;
const SHOWN = 500;

export async function listVersions(pool: pg.Pool, notebookId: string): Promise<VersionSummary[]> {
  const { rows } = await pool.query<Row>(
    `select ${COLUMNS} from notebook_versions v where v.notebook_id = $1 order by v.made_at desc, v.id limit ${SHOWN}`,
    [notebookId],
  );
  const names = await namesOf(
    pool,
    rows.flatMap((row) => Object.values(row.cell_authors).flat()),
  );
  return rows.map((row) => summaryOf(row, names));
}

export async function loadVersion(pool: pg.Pool, notebookId: string, versionId: string): Promise<Version> {
  const { rows } = await pool.query<Row & { document: Notebook }>(
    `select ${COLUMNS}, v.document from notebook_versions v where v.notebook_id = $1 and v.id = $2`,
    [notebookId, versionId],
  );
  const [row] = rows;
  if (!row) throw noVersion(versionId);
  const ids = Object.values(row.cell_authors).flat();
  const names = await namesOf(pool, ids);
  const cellAuthors = await namedAuthors(pool, row.cell_authors);
  return { ...summaryOf(row, names), notebook: row.document, cellAuthors };
}

function noVersion(id: string): Fault {
  return new Fault('not-found', say('there is no version {id} of this notebook; load the history again', { id }));
}

export async function latestVersion(
  tx: pg.PoolClient,
  notebookId: string,
): Promise<{ digest: string; seq: bigint; notebook: Notebook } | null> {
  const { rows } = await tx.query<{ digest: string; seq: string; document: Notebook }>(
    'select digest, seq, document from notebook_versions where notebook_id = $1 order by made_at desc, id limit 1',
    [notebookId],
  );
  const [row] = rows;
  return row ? { digest: row.digest, seq: BigInt(row.seq), notebook: row.document } : null;
}

export async function saveVersion(
  tx: pg.PoolClient,
  notebookId: string,
  version: {
    id: string;
    reason: VersionReason;
    name: string;
    message: string;
    by: UserId | null;
    seq: bigint;
    notebook: Notebook;
    digest: string;
    changedCells: number;
    cellAuthors: Record<string, string[]>;
  },
): Promise<void> {
  await tx.query(
    `insert into notebook_versions
       (id, notebook_id, reason, name, message, made_by, seq, document, digest, changed_cells, cell_authors)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      version.id,
      notebookId,
      version.reason,
      version.name,
      version.message,
      version.by,
      String(version.seq),
      JSON.stringify(version.notebook),
      version.digest,
      version.changedCells,
      JSON.stringify(version.cellAuthors),
    ],
  );
}

/** Who changed the cells in the versions after this one, and up to where in the log those versions go. */
export async function authorsAfter(
  pool: pg.Pool,
  notebookId: string,
  versionId: string,
): Promise<{ readonly seq: bigint; readonly cells: Record<string, UserId[]>[] }> {
  const { rows } = await pool.query<{ seq: string; cell_authors: Record<string, UserId[]> }>(
    `select seq, cell_authors from notebook_versions where notebook_id = $1
       and made_at >= (select made_at from notebook_versions where notebook_id = $1 and id = $2)
      order by id <> $2, made_at`,
    [notebookId, versionId],
  );
  const last = rows.at(-1);
  if (!last) throw noVersion(versionId);
  return { seq: BigInt(last.seq), cells: rows.slice(1).map((row) => row.cell_authors) };
}

export async function namedAuthors(
  pool: pg.Pool,
  cells: Readonly<Record<string, readonly UserId[]>>,
): Promise<Record<string, CommentAuthor[]>> {
  const names = await namesOf(pool, Object.values(cells).flat());
  return Object.fromEntries(Object.entries(cells).map(([id, by]) => [id, by.map((one) => authorOf(one, names))]));
}

async function namesOf(pool: pg.Pool, ids: readonly UserId[]): Promise<ReadonlyMap<string, string>> {
  const found = await pool.query<{ id: string; name: string }>('select id, name from users where id = any ($1)', [
    [...new Set(ids)],
  ]);
  return new Map(found.rows.map((row) => [row.id, row.name]));
}

function authorOf(id: UserId, names: ReadonlyMap<string, string>): CommentAuthor {
  return { id, name: names.get(id) ?? '' };
}

function summaryOf(row: Row, names: ReadonlyMap<string, string>): VersionSummary {
  const authors = [...new Set(Object.values(row.cell_authors).flat())];
  return {
    id: row.id,
    at: row.made_at.toISOString(),
    reason: row.reason,
    name: row.name,
    message: row.message,
    by: row.made_by ? { id: row.made_by, name: row.maker ?? '' } : null,
    authors: authors.map((id) => authorOf(id, names)),
    changedCells: row.changed_cells,
  };
}

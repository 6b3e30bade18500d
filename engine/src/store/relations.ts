import type { Column, JsonObject, Layer, RelationRef } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { Queryable } from './database.ts';
import type { StreamMemory } from './stream-memory.ts';

/** Who may publish a relation: a notebook of the server, or a notebook file of the command line. */
export interface Owner {
  /** `notebook:<id>` or `file:<absolute path>` */
  readonly key: string;
  readonly title: string;
  readonly notebookId: string | null;
}

/** One cell's text inside a stored view: the view itself, or a cell that is inlined into it. */
export interface StoredView {
  readonly name: string;
  readonly select: string;
  /** `layer.name` of a cell that is inlined and published nowhere; the text may call it so. */
  readonly knownAs?: string;
}

export interface Definition {
  /** Of views: in the order to be defined; the last is the view. */
  readonly views?: readonly StoredView[];
  /** Of views: `layer.name` of the published relations it reads. */
  readonly reads?: readonly string[];
  /** The cell's own meaning; an incremental cell whose meaning changed begins anew. */
  readonly meaning?: string;
  /** Of sources: what was read, and how far. */
  readonly source?: { readonly identity: string; readonly state: JsonObject | null; readonly place?: string };
  /** Of dimensions: how facts of other notebooks find their rows. */
  readonly dimension?: { readonly unique_key: string | readonly string[]; readonly scd: 0 | 1 | 2 };
  /** Of streaming cells: what the next commit goes on from. */
  readonly stream?: StreamMemory;
  /** Of feature tables: how models find what was known. */
  readonly feature?: { readonly entity: string | readonly string[]; readonly timestamp: string; readonly ttl?: string };
}

/** Whether somebody may read what is published: asked of every relation before it is opened. */
export type MayRead = (relation: Pick<PublishedRelation, 'ownerKey' | 'notebookId'>) => boolean;

/** Of who has the machine: the command line. */
export const readsEverything: MayRead = () => true;

/** What a relation name means now. */
export interface PublishedRelation {
  readonly ref: RelationRef;
  readonly ownerKey: string;
  readonly ownerTitle: string;
  readonly notebookId: string | null;
  readonly cell: string;
  readonly kind: 'table' | 'view';
  readonly definition: Definition | null;
  readonly fingerprint: string;
  readonly snapshotId: string | null;
  readonly runId: string | null;
  readonly rows: number;
  readonly rejected: number;
  readonly columns: readonly Column[];
  /** Fingerprints of the cells it read, by name: what staleness is explained with. */
  readonly upstream: Readonly<Record<string, string>>;
  readonly publishedAt: Date;
  /** The notebook that made it is gone or in the bin: the name is free to be taken. */
  readonly abandoned: boolean;
  /** Since when no cell of its owner makes it: it stays readable, and the name is free to be taken. */
  readonly retiredAt: Date | null;
}

interface Row {
  layer: Layer;
  name: string;
  owner_key: string;
  owner_title: string;
  notebook_id: string | null;
  cell: string;
  kind: 'table' | 'view';
  definition: PublishedRelation['definition'];
  fingerprint: string;
  snapshot_id: string | null;
  run_id: string | null;
  row_count: string;
  rejected_count: string;
  columns: Column[];
  upstream: Record<string, string>;
  published_at: Date;
  abandoned: boolean;
  retired_at: Date | null;
}

/** Its notebook is gone or lies in the bin: whoever publishes the name next has it. Files of the command line stay. */
const ABANDONED = `(relations.owner_key like 'notebook:%' and not exists (
  select 1 from notebooks where notebooks.id = relations.notebook_id and notebooks.deleted_at is null))`;

const SELECT = `select layer, name, owner_key, owner_title, notebook_id, cell, kind, definition, fingerprint, snapshot_id, run_id,
  row_count, rejected_count, columns, upstream, published_at, ${ABANDONED} as abandoned, retired_at from readable_relations relations`;

function relationOf(row: Row): PublishedRelation {
  return {
    ref: { layer: row.layer, name: row.name },
    ownerKey: row.owner_key,
    ownerTitle: row.owner_title,
    notebookId: row.notebook_id,
    cell: row.cell,
    kind: row.kind,
    definition: row.definition,
    fingerprint: row.fingerprint,
    snapshotId: row.snapshot_id,
    runId: row.run_id,
    rows: Number(row.row_count),
    rejected: Number(row.rejected_count),
    columns: row.columns,
    upstream: row.upstream,
    publishedAt: row.published_at,
    abandoned: row.abandoned,
    retiredAt: row.retired_at,
  };
}

export async function loadRelations(
  db: Queryable,
  refs: readonly RelationRef[],
): Promise<Map<string, PublishedRelation>> {
  if (refs.length === 0) return new Map();
  const { rows } = await db.query<Row>(`${SELECT} where (layer || '.' || name) = any($1)`, [refs.map(relationName)]);
  return new Map(rows.map((row) => [`${row.layer}.${row.name}`, relationOf(row)]));
}

export async function listRelations(db: Queryable): Promise<PublishedRelation[]> {
  const { rows } = await db.query<Row>(`${SELECT} order by layer, name`);
  return rows.map(relationOf);
}

/** Snapshot ids of what a run has published, by `layer.name`. */
export async function publishedByRun(db: Queryable, runId: string): Promise<Map<string, string | null>> {
  const { rows } = await db.query<{ name: string; snapshot_id: string | null }>(
    `select layer || '.' || name as name, snapshot_id from relations where run_id = $1`,
    [runId],
  );
  return new Map(rows.map((row) => [row.name, row.snapshot_id]));
}

/**
 * Makes a name mean a new result. Called inside the publish transaction only; refuses a name that another owner holds.
 * Notebook files of the same title are one owner: the same notebook in two checkouts.
 */
export async function publishRelation(
  tx: Queryable,
  owner: Owner,
  relation: Omit<
    PublishedRelation,
    'ownerKey' | 'ownerTitle' | 'notebookId' | 'publishedAt' | 'abandoned' | 'retiredAt'
  >,
): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into relations (layer, name, owner_key, owner_title, notebook_id, cell, kind, definition, fingerprint, snapshot_id,
       run_id, row_count, rejected_count, columns, upstream, published_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, now())
     on conflict (layer, name) do update set
       owner_key = excluded.owner_key, owner_title = excluded.owner_title, notebook_id = excluded.notebook_id, cell = excluded.cell,
       kind = excluded.kind, definition = excluded.definition, fingerprint = excluded.fingerprint, snapshot_id = excluded.snapshot_id,
       run_id = excluded.run_id, row_count = excluded.row_count, rejected_count = excluded.rejected_count,
       columns = excluded.columns, upstream = excluded.upstream, published_at = now(), retired_at = null
     where ${SAME_OWNER} or ${ABANDONED} or relations.retired_at is not null`,
    [
      relation.ref.layer,
      relation.ref.name,
      owner.key,
      owner.title,
      owner.notebookId,
      relation.cell,
      relation.kind,
      JSON.stringify(relation.definition),
      relation.fingerprint,
      relation.snapshotId,
      relation.runId,
      relation.rows,
      relation.rejected,
      JSON.stringify(relation.columns),
      JSON.stringify(relation.upstream),
    ],
  );
  if (rowCount !== 1) throw nameTaken(relation.ref);
}

/** After a table was taken back: its cell is stale, and what was remembered of its rows is forgotten. */
export async function revertRelation(
  tx: Queryable,
  ref: RelationRef,
  state: { snapshotId: string; rows: number; columns: readonly Column[]; since: Date },
): Promise<void> {
  await tx.query(
    `update relations set snapshot_id = $3, row_count = $4, columns = $5, fingerprint = 'reverted:' || $3, published_at = now(),
       definition = definition - 'meaning' - 'source'
     where layer = $1 and name = $2`,
    [ref.layer, ref.name, state.snapshotId, state.rows, JSON.stringify(state.columns)],
  );
  await tx.query('delete from intervals where layer = $1 and name = $2 and recorded_at > $3', [
    ref.layer,
    ref.name,
    state.since,
  ]);
}

const SAME_OWNER = `relations.owner_key = excluded.owner_key
  or (relations.owner_key like 'file:%' and excluded.owner_key like 'file:%' and relations.owner_title = excluded.owner_title)`;

/** Whether `owner` may publish `relation`, known before any work is done. */
export function mayPublish(
  owner: Owner,
  relation: Pick<PublishedRelation, 'ownerKey' | 'ownerTitle' | 'abandoned' | 'retiredAt'>,
): boolean {
  return relation.abandoned || relation.retiredAt !== null || isOwner(owner, relation);
}

/** The rule of SAME_OWNER as a value. */
export function isOwner(owner: Owner, relation: Pick<PublishedRelation, 'ownerKey' | 'ownerTitle'>): boolean {
  const bothFiles = owner.key.startsWith('file:') && relation.ownerKey.startsWith('file:');
  return owner.key === relation.ownerKey || (bothFiles && owner.title === relation.ownerTitle);
}

export function tableOwned(ref: RelationRef, relation: Pick<PublishedRelation, 'ownerTitle' | 'cell'>): Fault {
  return new Fault(
    'table-owned',
    say(
      '{table} belongs to cell {cell} of notebook "{ownerTitle}"; rename this cell or set another layer. If that cell is gone, run "{ownerTitle}" once: its table is then free',
      { table: relationName(ref), cell: relation.cell, ownerTitle: relation.ownerTitle },
    ),
  );
}

/** Says no more of the owner than that there is one: it may be for invited people only. */
export function nameTaken(ref: RelationRef): Fault {
  return new Fault(
    'table-owned',
    say('{table} belongs to another notebook; rename this cell or set another layer', { table: relationName(ref) }),
  );
}

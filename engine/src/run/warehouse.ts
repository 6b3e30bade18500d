/**
 * Reading what is published: from a relation's name to the SELECT and the files that show it.
 */
import type { RelationRef } from '@datacraft/shared';
import { Fault, quoteIdentifier, relationName, say } from '@datacraft/shared';
import type { AsOf } from '../iceberg/load-table.ts';
import { loadTable, snapshotsOf } from '../iceberg/load-table.ts';
import { scanOf, scanSql } from '../iceberg/scan.ts';
import type { StagedTable, TableState } from '../iceberg/table.ts';
import { isTagName } from '../iceberg/tag.ts';
import type { Lake } from '../lake/lake.ts';
import type { Queryable } from '../store/database.ts';
import type { MayRead, PublishedRelation, StoredView } from '../store/relations.ts';
import { loadRelations } from '../store/relations.ts';
import type { Readable } from './context.ts';

export interface Warehouse {
  readonly db: Queryable;
  readonly lake: Lake;
  /** What it may not read is as if it were not there. */
  readonly mayRead: MayRead;
}

export type { AsOf } from '../iceberg/load-table.ts';

/** Digits alone are a snapshot id, what begins with a letter and has no space is a tag; anything else must be a time. */
export function asOfText(text: string): AsOf {
  if (/^\d{5,}$/.test(text)) return { snapshotId: text };
  if (isTagName(text)) return { tag: text };
  const timestampMs = Date.parse(text);
  if (Number.isNaN(timestampMs))
    throw new Fault(
      'bad-request',
      say('as-of expects a time such as 2025-11-20T06:00:00Z, a snapshot id or a tag, got "{text}"', { text }),
    );
  return { timestampMs };
}

/** One moment of many tables: those that were named are at their snapshot, the others as they were then. */
interface Cut {
  readonly timestampMs: number;
  readonly pinned: ReadonlyMap<string, string>;
}

/**
 * Published relations by `layer.name`, ready to be read. Names that mean nothing are left out. A snapshot id is one
 * table's, a tag may be of several; the other tables are read as they were when the newest of those was committed.
 */
export async function openRelations(
  refs: readonly RelationRef[],
  warehouse: Warehouse,
  asOf?: AsOf,
): Promise<Map<string, Opened>> {
  const published = await readableRelations(warehouse, refs);
  return openAll(published, warehouse, asOf && (await cutOf(asOf, [...published.values()], warehouse)));
}

/** What is published under these names, of that what `mayRead` lets through: the only way to rows. */
export async function readableRelations(
  { db, mayRead }: Pick<Warehouse, 'db' | 'mayRead'>,
  refs: readonly RelationRef[],
): Promise<Map<string, PublishedRelation>> {
  return new Map([...(await loadRelations(db, refs))].filter(([, relation]) => mayRead(relation)));
}

type Opened = Readable & { relation: PublishedRelation };

async function openAll(
  published: ReadonlyMap<string, PublishedRelation>,
  warehouse: Warehouse,
  cut: Cut | undefined,
): Promise<Map<string, Opened>> {
  const opened = new Map<string, Opened>();
  for (const [name, relation] of published) {
    const readable = await openRelation(relation, warehouse, cut);
    if (readable) opened.set(name, { ...readable, relation });
  }
  return opened;
}

async function cutOf(asOf: AsOf, relations: readonly PublishedRelation[], warehouse: Warehouse): Promise<Cut> {
  if ('timestampMs' in asOf) return { timestampMs: asOf.timestampMs, pinned: new Map() };
  const tables = await tablesBelow(relations, warehouse);
  const pinned = new Map<string, string>();
  let timestampMs = 0;
  for (const ref of tables) {
    const table = await loadTable(warehouse.db, warehouse.lake, ref);
    const snapshot = table && snapshotsOf(table).find((each) => isMeant(each, asOf));
    if (!snapshot) continue;
    pinned.set(relationName(ref), snapshot.snapshotId);
    timestampMs = Math.max(timestampMs, snapshot.committedAtMs);
  }
  if (pinned.size > 0) return { timestampMs, pinned };
  const names = tables.map(relationName).join(', ') || 'the tables';
  const asked =
    'tag' in asOf ? say('the tag {tag}', { tag: asOf.tag }) : say('a snapshot {id}', { id: asOf.snapshotId });
  throw new Fault(
    'not-found',
    say('none of {names} has {asked}; ask for one of its snapshots or tags', { names, asked }),
  );
}

function isMeant(
  snapshot: { readonly snapshotId: string; readonly tags: readonly string[] },
  asOf: Exclude<AsOf, { readonly timestampMs: number }>,
): boolean {
  return 'tag' in asOf ? snapshot.tags.includes(asOf.tag) : snapshot.snapshotId === asOf.snapshotId;
}

async function tablesBelow(relations: readonly PublishedRelation[], warehouse: Warehouse): Promise<RelationRef[]> {
  const found: RelationRef[] = [];
  for (const relation of relations) {
    if (relation.kind === 'table') found.push(relation.ref);
    else {
      const below = await readableRelations(warehouse, (relation.definition?.reads ?? []).flatMap(refOf));
      found.push(...(await tablesBelow([...below.values()], warehouse)));
    }
  }
  return found;
}

async function openRelation(relation: PublishedRelation, warehouse: Warehouse, cut?: Cut): Promise<Readable | null> {
  if (relation.kind === 'view') return openView(relation, warehouse, cut);
  const snapshotId = cut?.pinned.get(relationName(relation.ref));
  const asOf = snapshotId === undefined ? cut && { timestampMs: cut.timestampMs } : { snapshotId };
  const table = await loadTable(warehouse.db, warehouse.lake, relation.ref, asOf);
  if (!table) return null;
  const { dimension, feature } = relation.definition ?? {};
  return {
    ...readableTable(table),
    ...(dimension === undefined ? {} : { dimension }),
    ...(feature === undefined ? {} : { feature }),
  };
}

export function readableTable(table: TableState): Readable {
  return { ref: table.ref, scan: scanSql(table), files: table.files, rows: table.rows };
}

/** A view is its stored text in a schema of its own, over the relations it reads, down to the files. */
async function openView(relation: PublishedRelation, warehouse: Warehouse, cut?: Cut): Promise<Readable | null> {
  const { views, reads = [] } = relation.definition ?? {};
  if (views === undefined) return null;
  const refs = reads.flatMap(refOf);
  const below = await openAll(await readableRelations(warehouse, refs), warehouse, cut);
  if (below.size < refs.length) return null;
  return readableView(relation.ref, views, [...below.values()]);
}

/**
 * What a view reads has its own name, `layer.name`; the cells that are inlined into it lie in the view's schema, where
 * its text finds them first: two notebooks may give one name to different cells.
 */
export function readableView(ref: RelationRef, views: readonly StoredView[], below: readonly Readable[]): Readable {
  const schema = quoteIdentifier(`view:${relationName(ref)}`);
  const own = views.flatMap(({ name, select, knownAs }) => {
    const view = `${schema}.${quoteIdentifier(name)}`;
    const alias = (knownAs === undefined ? [] : refOf(knownAs)).map((ref) => ({ ref, scan: `select * from ${view}` }));
    return [{ sql: `create view if not exists ${view} as (\n${select}\n)` }, ...alias.flatMap(publishedView)];
  });
  return {
    ref,
    scan: `select * from ${schema}.${quoteIdentifier(ref.name)}`,
    files: below.flatMap((readable) => readable.files),
    setup: [
      ...below.flatMap((readable) => readable.setup ?? []),
      ...below.flatMap(publishedView),
      { sql: `create schema if not exists ${schema}` },
      ...own,
    ],
  };
}

/** `layer.name` in a session. */
function publishedView({ ref, scan }: Pick<Readable, 'ref' | 'scan'>): { sql: string }[] {
  const layer = quoteIdentifier(ref.layer);
  return [
    { sql: `create schema if not exists ${layer}` },
    { sql: `create view if not exists ${layer}.${quoteIdentifier(ref.name)} as (\n${scan}\n)` },
  ];
}

function refOf(name: string): RelationRef[] {
  const [layer, table] = name.split('.');
  return table !== undefined && (layer === 'bronze' || layer === 'silver' || layer === 'gold')
    ? [{ layer, name: table }]
    : [];
}

/** A table that this run staged and has not published yet. */
export function readableStaged(staged: StagedTable): Readable {
  return { ref: staged.ref, scan: scanSql(staged), files: staged.files, rows: staged.totalRows };
}

/** Of a staged append, the rows that it adds. */
export function readableAdded(staged: StagedTable): Readable {
  const files = staged.files.slice(staged.files.length - staged.dataFiles.length);
  return { ref: staged.ref, scan: scanOf({ ...staged, files }), files, rows: staged.rows };
}

/**
 * Reading what is published: from a relation's name to the SELECT and the files that show it.
 */
import type { RelationRef } from '@datacraft/shared';
import { Fault, relationName } from '@datacraft/shared';
import { loadTable } from '../iceberg/load-table.ts';
import { scanSql } from '../iceberg/scan.ts';
import type { TableState } from '../iceberg/table.ts';
import type { Lake } from '../lake/lake.ts';
import type { Publication } from '../publish/publish.ts';
import type { Queryable } from '../store/database.ts';
import type { PublishedRelation } from '../store/relations.ts';
import { loadRelations } from '../store/relations.ts';
import type { Readable } from './context.ts';

export interface Warehouse {
  readonly db: Queryable;
  readonly lake: Lake;
}

export type AsOf = { readonly snapshotId: string } | { readonly timestampMs: number };

/** Digits alone are a snapshot id; anything else must be a time. */
export function asOfText(text: string): AsOf {
  if (/^\d{5,}$/.test(text)) return { snapshotId: text };
  const timestampMs = Date.parse(text);
  if (Number.isNaN(timestampMs))
    throw new Fault('bad-request', `as-of expects a time such as 2025-11-20T06:00:00Z or a snapshot id, got "${text}"`);
  return { timestampMs };
}

/** Published relations by `layer.name`, ready to be read. Names that mean nothing are left out. */
export async function openRelations(
  refs: readonly RelationRef[],
  warehouse: Warehouse,
  asOf?: AsOf,
): Promise<Map<string, Readable & { relation: PublishedRelation }>> {
  const published = await loadRelations(warehouse.db, refs);
  const opened = new Map<string, Readable & { relation: PublishedRelation }>();
  for (const [name, relation] of published) {
    const readable = await openRelation(relation, warehouse, asOf);
    if (readable) opened.set(name, { ...readable, relation });
  }
  return opened;
}

async function openRelation(relation: PublishedRelation, warehouse: Warehouse, asOf?: AsOf): Promise<Readable | null> {
  if (relation.kind === 'view') return openView(relation, warehouse, asOf);
  const table = await loadTable(warehouse.db, warehouse.lake, relation.ref, asOf);
  return table ? readableTable(table) : null;
}

export function readableTable(table: TableState): Readable {
  return { ref: table.ref, scan: scanSql(table), files: table.files };
}

/** A view is its text with what it reads put before it as CTEs, down to the files. */
async function openView(relation: PublishedRelation, warehouse: Warehouse, asOf?: AsOf): Promise<Readable | null> {
  const { select, reads = [] } = relation.definition ?? {};
  if (select === undefined) return null;
  const refs = reads.flatMap(refOf);
  const below = await openRelations(refs, warehouse, asOf);
  if (below.size < refs.length) return null;
  return { ref: relation.ref, ...inlineView(select, [...below.values()]) };
}

export function inlineView(select: string, below: readonly Readable[]): { scan: string; files: readonly string[] } {
  const ctes = below.map((readable) => `"${VIEW_PREFIX}${relationName(readable.ref)}" as (${readable.scan})`);
  return {
    scan: ctes.length === 0 ? select : `with ${ctes.join(', ')} select * from (\n${select}\n)`,
    files: below.flatMap((readable) => readable.files),
  };
}

/** Names that a stored view's text uses for the relations it reads; no user text can spell a dot into a bare name. */
export const VIEW_PREFIX = 'published:';

function refOf(name: string): RelationRef[] {
  const [layer, table] = name.split('.');
  return table !== undefined && (layer === 'bronze' || layer === 'silver' || layer === 'gold')
    ? [{ layer, name: table }]
    : [];
}

/** A result that this run staged and has not published yet. */
export function readableStaged(publication: Publication): Readable | null {
  if (publication.staged) {
    return { ref: publication.ref, scan: scanSql(publication.staged), files: publication.staged.files };
  }
  return null;
}

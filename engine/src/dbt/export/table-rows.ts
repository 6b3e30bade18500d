import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Column, RelationRef } from '@datacraft/shared';
import { quoteIdentifier, quoteLiteral, relationName } from '@datacraft/shared';
import type { CompiledCell, Graph } from '../../compile/graph.ts';
import { isSelectCell } from '../../compile/graph.ts';
import type { OpenQuery, QueryDeps } from '../../query/query.ts';
import { withQuery } from '../../query/query.ts';
import type { Owner, PublishedRelation } from '../../store/relations.ts';
import { isOwner, loadRelations } from '../../store/relations.ts';
import type { TableRows } from './project.ts';
import { outsideTables } from './project.ts';

const SEED_ROWS = 5_000;
const SEED_BYTES = 1024 * 1024;
/** Of one table and of all; what is more is left to be loaded. */
const TABLE_BYTES = 32 * 1024 * 1024;
const PROJECT_BYTES = 128 * 1024 * 1024;
const seedType = /^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|DECIMAL|DOUBLE|FLOAT|VARCHAR|BOOLEAN|DATE|TIME|TIMESTAMP)/;

export interface PublishedTables {
  readonly columns: ReadonlyMap<string, readonly Column[]>;
  readonly rows: ReadonlyMap<string, TableRows>;
}

/** Columns of what the notebook has published, and the rows that its project needs: as far as the reader may see them. */
export async function publishedTables(graph: Graph, owner: Owner, deps: QueryDeps): Promise<PublishedTables> {
  const own = [...graph.cells.values()].flatMap(({ relation }) => (relation === null ? [] : [relation]));
  const outside = outsideTables(graph);
  const relations = await loadRelations(deps.db, [...own, ...outside]);
  const isOwn = new Set(own.map(relationName));
  const visible = [...relations].filter(
    ([name, relation]) => deps.mayRead(relation) && (!isOwn.has(name) || isOwner(owner, relation)),
  );
  const known = new Map(visible);
  const columns = new Map(visible.map(([name, relation]) => [name, relation.columns]));
  const rows = new Map<string, TableRows>();
  let left = PROJECT_BYTES;
  for (const ref of outside) {
    const relation = known.get(relationName(ref));
    const read = relation === undefined ? null : await readRows(ref, relation, cellOf(graph, ref), deps, left);
    if (read === null) continue;
    rows.set(relationName(ref), read);
    left -= read.kind === 'seed' ? read.csv.length : read.bytes.length;
  }
  return { columns, rows };
}

function cellOf(graph: Graph, ref: RelationRef): CompiledCell | undefined {
  const cell = graph.cells.get(ref.name);
  return cell !== undefined && !isSelectCell(cell) && cell.relation?.layer === ref.layer ? cell : undefined;
}

async function readRows(
  ref: RelationRef,
  relation: PublishedRelation,
  cell: CompiledCell | undefined,
  deps: QueryDeps,
  left: number,
): Promise<TableRows | null> {
  const sql = `select * from ${ref.layer}.${quoteIdentifier(ref.name)}`;
  const isUpload = cell?.kind === 'source' && cell.spec.type === 'csv';
  const isPlain = relation.columns.every(({ type }) => seedType.test(type) && !type.endsWith(']'));
  return withQuery({ sql }, deps, async (open) => {
    if (isUpload && isPlain && relation.rows <= SEED_ROWS) {
      const bytes = await copied(open, 'csv', Math.min(SEED_BYTES, left));
      if (bytes !== null) return { kind: 'seed' as const, csv: bytes.toString('utf8') };
    }
    const bytes = await copied(open, 'parquet', Math.min(TABLE_BYTES, left));
    return bytes === null ? null : { kind: 'parquet' as const, bytes };
  });
}

async function copied(
  { session, select, dir }: OpenQuery,
  format: 'csv' | 'parquet',
  most: number,
): Promise<Buffer | null> {
  const file = join(dir, `rows.${format}`);
  const options = format === 'csv' ? 'format csv, header true' : 'format parquet';
  await session.run(`copy (\n${select}\n) to ${quoteLiteral(file)} (${options})`);
  return (await stat(file)).size > most ? null : readFile(file);
}

import type { CellLineage, ColumnChange, PlacedLineage } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import type { CompiledCell } from '../compile/graph.ts';
import { parseDuckType } from '../iceberg/duck-type.ts';
import { duckTypeOf, icebergTypeOf } from '../iceberg/type-map.ts';
import { lineageOfCells } from '../lineage/cells.ts';
import { columnChange } from '../plan/column-change.ts';
import type { PublishedRelation } from '../store/relations.ts';
import type { RunDeps } from './context.ts';
import type { Known } from './gather.ts';
import type { RunInput } from './prepare.ts';

export type Draft = Pick<RunInput, 'compiled' | 'owner' | 'notebook'> & { readonly known: Pick<Known, 'published'> };

/** The lineage of a notebook's text as it is now. */
export async function draftLineage(
  { compiled, owner, notebook, known }: Draft,
  { duck }: Pick<RunDeps, 'duck'>,
): Promise<PlacedLineage[]> {
  const columnsOf = (relation: string) => known.published.get(relation)?.columns ?? null;
  const cells = await lineageOfCells(compiled.graph, columnsOf, (sql) => duck.parse(sql));
  const { key, notebookId } = owner;
  return cells.map((cell) => ({ ...cell, owner: key, notebookId, notebookTitle: notebook.title }));
}

/**
 * What the text makes of a table's columns; null where that cannot be told. A type is known where the text names it: a
 * cast, a declared column, a column that is read as it is.
 */
export function changedColumns(
  cell: CompiledCell | undefined,
  published: Pick<PublishedRelation, 'columns'>,
  draft: CellLineage,
): ColumnChange | null {
  if (cell?.kind === 'source') return columnChange(published.columns, declared(cell, published));
  if (draft.gaps.some((gap) => !gap.startsWith('no column is known as'))) return null;
  const kept = published.columns.map(({ name, type }) => ({ name, type: storedType(type) }));
  return columnChange(
    kept,
    draft.columns.map(({ name, type }) => ({ name, type: storedType(type) })),
  );
}

/** A source keeps its columns until it runs; those that are declared have the type that is said. */
function declared(
  { spec }: Extract<CompiledCell, { kind: 'source' }>,
  { columns }: Pick<PublishedRelation, 'columns'>,
): { name: string; type: string | null }[] {
  const said = 'columns' in spec ? (spec.columns ?? {}) : {};
  return columns.map(({ name, type }) => {
    const text = Object.hasOwn(said, name) ? said[name] : undefined;
    return { name, type: typeof text === 'string' ? storedType(text) : type };
  });
}

/** The type that a table keeps of it: a TINYINT is an INTEGER there. Null for what is no type that is known. */
function storedType(text: string | null): string | null {
  if (text === null || text.includes('UNKNOWN')) return null;
  try {
    return duckTypeOf(icebergTypeOf(parseDuckType(text), () => 0));
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}

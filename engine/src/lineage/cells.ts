import type { CellLineage, Column, LineageColumn } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { CompiledCell, Graph, SqlCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { Names } from '../compile/names.ts';
import { meaningOfName, namesOfGraph } from '../compile/names.ts';
import type { Parse } from '../compile/select.ts';
import { chartLineage } from './chart.ts';
import { inputLineage, modelLineage, sourceLineage } from './config-cells.ts';
import { keptColumns } from './kept.ts';
import { lineageOfQuery } from './lineage.ts';
import type { TableSchema } from './relation.ts';

/** Columns of published relations, by `layer.name`. */
export type PublishedColumns = (relation: string) => readonly Column[] | null;

/** What the lineage of a cell is read with. */
export interface Reading {
  readonly graph: Graph;
  readonly parse: Parse;
  /** The relation that a name in the notebook means. */
  table(schema: string, name: string): TableSchema | null;
  readonly published: PublishedColumns;
}

type Found = Pick<CellLineage, 'columns' | 'rows' | 'gaps'> & { readonly isOpen?: boolean };

/** The lineage of every cell, as the notebook is now: what a cell reads is known by what was found of it before. */
export async function lineageOfCells(
  graph: Graph,
  published: PublishedColumns,
  parse: Parse,
): Promise<readonly CellLineage[]> {
  const names = namesOfGraph(graph);
  const schemas = new Map<string, TableSchema>();
  const reading: Reading = {
    graph,
    parse,
    published,
    table: (schema, name) => schemaOf(names, schemas, published, schema, name),
  };
  const found: CellLineage[] = [];
  for (const name of graph.order) {
    const cell = graph.cells.get(name);
    if (cell === undefined) continue;
    const lineage = await lineageOfCell(cell, reading);
    found.push(placed(cell, lineage));
    const relation = cell.relation === null ? null : relationName(cell.relation);
    if (relation !== null)
      schemas.set(relation, { key: relation, columns: knownColumns(lineage, published(relation)) });
  }
  return found;
}

function placed(cell: CompiledCell, { columns, rows, gaps }: Found): CellLineage {
  return {
    cell: cell.name,
    kind: cell.kind,
    relation: cell.relation === null ? null : relationName(cell.relation),
    isPublished: cell.relation !== null && cell.materialize !== 'ephemeral',
    columns,
    rows,
    gaps,
  };
}

/** Types are those of the published table, where it has the column. */
function knownColumns({ columns, isOpen }: Found, published: readonly Column[] | null): TableSchema['columns'] {
  if (isOpen === true) return null;
  return columns.map(({ name, type }) => ({
    name,
    type: published?.find((column) => column.name === name)?.type ?? type,
  }));
}

function schemaOf(
  names: Names,
  schemas: ReadonlyMap<string, TableSchema>,
  published: PublishedColumns,
  schema: string,
  name: string,
): TableSchema | null {
  const meaning = meaningOfName(names, schema, name);
  if (meaning.kind === 'unknown') return null;
  if (meaning.kind !== 'cell') {
    const key = relationName(meaning.ref);
    return { key, columns: published(key) };
  }
  const relation = [...names.relations].find(([, cell]) => cell === meaning.name)?.[0];
  return relation === undefined ? null : (schemas.get(relation) ?? { key: relation, columns: published(relation) });
}

async function lineageOfCell(cell: CompiledCell, reading: Reading): Promise<Found> {
  if (isSelectCell(cell)) return selectLineage(cell, reading);
  switch (cell.kind) {
    case 'source':
      return sourceLineage(cell, reading);
    case 'chart':
      return chartLineage(cell, reading);
    case 'model':
      return modelLineage(cell, reading);
    default:
      return inputLineage(cell, reading);
  }
}

async function selectLineage(cell: SqlCell, reading: Reading): Promise<Found> {
  const said = (gap: string): Found => ({ columns: [], rows: [], gaps: [gap], isOpen: true });
  if (cell.sql === null) return said('its text is not one SELECT yet');
  const tree = await reading.parse(cell.sql);
  const [statement] = tree.kind === 'tree' ? tree.statements : [];
  if (statement === undefined) return said('its text cannot be parsed yet');
  const found = lineageOfQuery(statement, (schema, name) => reading.table(schema, name));
  const columns: readonly LineageColumn[] = [...found.columns, ...keptColumns(cell, found.columns, reading)];
  return { ...found, columns };
}

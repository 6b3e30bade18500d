import type { Flow } from './flow.ts';
import { deciding, flowOfColumn, nothing, union } from './flow.ts';

/** One column of something that is read, with what it is made of. */
export interface Col {
  readonly name: string;
  readonly flow: Flow;
  readonly type: string | null;
}

/** What a query, a table or a clause of FROM gives. */
export interface Relation {
  readonly columns: readonly Col[];
  /** What decides which rows there are. */
  readonly rows: Flow;
  /** Tables whose columns are not known: any further name is one of theirs. */
  readonly open: readonly string[];
}

export const noRelation: Relation = { columns: [], rows: nothing, open: [] };

export interface TableSchema {
  /** How edges call the table. */
  readonly key: string;
  /** Null when its columns are not known yet. */
  readonly columns: readonly { readonly name: string; readonly type: string | null }[] | null;
}

export function relationOfTable({ key, columns }: TableSchema): Relation {
  if (columns === null) return { ...noRelation, open: [key] };
  return {
    columns: columns.map(({ name, type }) => ({ name, type, flow: flowOfColumn(key, name) })),
    rows: nothing,
    open: [],
  };
}

export function columnNamed(relation: Pick<Relation, 'columns'>, name: string): Col | undefined {
  return relation.columns.find((column) => same(column.name, name));
}

/** Names compare without case, as DuckDB's do. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** `t(a, b)`: the first columns by other names. */
export function renamed(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0) return relation;
  return {
    ...relation,
    columns: relation.columns.map((column, at) => ({ ...column, name: names[at] ?? column.name })),
  };
}

export function allColumns({ columns }: Pick<Relation, 'columns'>): Flow {
  return union(columns.map(({ flow }) => flow));
}

export function alsoRows(relation: Relation, ...rows: readonly Flow[]): Relation {
  return { ...relation, rows: union([relation.rows, ...rows]) };
}

/** Equal rows become one: every column decides how many there are. */
export function distinct(relation: Relation): Relation {
  return alsoRows(relation, deciding(allColumns(relation), 'group'));
}

/**
 * Lineage tells of which input columns each column of a query is made.
 *
 * L1  It is a pure function of DuckDB's own syntax tree and the columns of the tables it reads.
 * L2  An edge is direct (its value is in the output's value) or indirect (it decides which rows or which value there is).
 *     What decides all rows is told once for the query, not for each column.
 * L3  What cannot be told is said in words; it is never guessed.
 *
 * Structs and lists are one column each: a field is an edge to its column.
 */
import type { LineageColumn } from '@datacraft/shared';
import type { Edge } from './flow.ts';
import { queryOf } from './query.ts';
import { emptyScope } from './scope.ts';
import type { Context } from './scope.ts';
import { nodeOf } from './tree.ts';

export interface QueryLineage {
  readonly columns: readonly LineageColumn[];
  /** What decides which rows there are: of every column alike. */
  readonly rows: readonly Edge[];
  /** What is not known, in words; empty when everything is. */
  readonly gaps: readonly string[];
  /** It shows all columns of tables whose columns are not known. */
  readonly isOpen: boolean;
}

/** The lineage of one statement of DuckDB's serialized tree. */
export function lineageOfQuery(statement: unknown, table: Context['table']): QueryLineage {
  const context: Context = { table, entries: new Map(), gaps: new Set(), query: queryOf };
  const relation = queryOf(nodeOf(nodeOf(statement)?.['node']), context, emptyScope);
  return {
    columns: relation.columns.map(({ name, type, flow }) => ({ name, type, from: sorted([...flow.values()]) })),
    rows: sorted([...relation.rows.values()]),
    gaps: [...context.gaps],
    isOpen: relation.open.length > 0,
  };
}

function sorted(edges: readonly Edge[]): readonly Edge[] {
  const key = (edge: Edge) => `${edge.table}\0${edge.column}\0${edge.kind}`;
  return [...edges].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

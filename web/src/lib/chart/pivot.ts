import type { ChartRow, ChartRows, Point } from './rows.ts';
import { numberOf } from './series.ts';

export interface Pivot {
  /** Row keys and column keys in the order of the query. */
  readonly rows: readonly (readonly Point[])[];
  readonly columns: readonly (readonly Point[])[];
  /** `cell(row, column, value)`. */
  readonly cell: (row: number, column: number, value: number) => number | null;
}

/** Crosses the long rows of a pivot's query. */
export function pivotOf({ rows }: ChartRows, rowCount: number, columnCount: number): Pivot {
  const keyed = (row: ChartRow, part: string, count: number) =>
    Array.from({ length: count }, (_, at) => row[`${part}${at}`] ?? null);
  const rowKeys = new Map<string, readonly Point[]>();
  const columnKeys = new Map<string, readonly Point[]>();
  const cells = new Map<string, ChartRow>();
  for (const row of rows) {
    const down = keyed(row, 'row', rowCount);
    const across = keyed(row, 'column', columnCount);
    rowKeys.set(JSON.stringify(down), down);
    columnKeys.set(JSON.stringify(across), across);
    cells.set(JSON.stringify([down, across]), row);
  }
  const downs = [...rowKeys.values()];
  const acrosses = [...columnKeys.values()].sort(compareKeys);
  return {
    rows: downs,
    columns: acrosses,
    cell: (row, column, value) =>
      numberOf(cells.get(JSON.stringify([downs[row], acrosses[column]]))?.[`value${value}`]),
  };
}

function compareKeys(a: readonly Point[], b: readonly Point[]): number {
  for (let at = 0; at < a.length; at += 1) {
    const [left = null, right = null] = [a[at], b[at]];
    if (left === right) continue;
    if (left === null || right === null) return left === null ? 1 : -1;
    return left < right ? -1 : 1;
  }
  return 0;
}

import type { TableDiff } from '@datacraft/shared';

/** One row of a comparison: its values as they are, and of a changed row those that were others before. */
export interface ChangeRow {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly values: readonly unknown[];
  /** By the column's place; only where the value is another one. */
  readonly before: ReadonlyMap<number, unknown>;
}

/** The sample's rows in its order; `before` and `after` of one row come as two, in the same order among themselves. */
export function changeRows(sample: TableDiff['sample']): ChangeRow[] {
  const of = (change: string) => sample.rows.filter((row) => row[0] === change).map((row) => row.slice(1));
  const plain = (kind: 'added' | 'removed'): ChangeRow[] =>
    of(kind).map((values) => ({ kind, values, before: new Map() }));
  const before = of('before');
  const changed = of('after').map((values, at): ChangeRow => {
    const old = before[at] ?? values;
    const other = old.flatMap((value, column) =>
      JSON.stringify(value) === JSON.stringify(values[column]) ? [] : [[column, value] as const],
    );
    return { kind: 'changed', values, before: new Map(other) };
  });
  return [...changed, ...plain('added'), ...plain('removed')];
}

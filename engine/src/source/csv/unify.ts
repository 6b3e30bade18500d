import type { CsvLayout, LayoutColumn } from './layout.ts';

/** Gives a column the same type in all files of a source: the widest of those found, text when they disagree. */
export function unifyColumns(layouts: readonly CsvLayout[]): readonly CsvLayout[] {
  if (layouts.length < 2) return layouts;
  const found = new Map<string, LayoutColumn>();
  for (const { columns } of layouts) {
    for (const column of columns) {
      const key = column.name.toLowerCase();
      const known = found.get(key);
      found.set(key, known ? { ...known, ...wider(known, column) } : column);
    }
  }
  return layouts.map((layout) => ({
    ...layout,
    columns: layout.columns.map((column) => found.get(column.name.toLowerCase()) ?? column),
  }));
}

const NUMBERS = ['BIGINT', 'DECIMAL(38,0)', 'DOUBLE'];
const MOMENTS = ['DATE', 'TIMESTAMP'];

function wider(left: LayoutColumn, right: LayoutColumn): Pick<LayoutColumn, 'type' | 'origin'> {
  if (left.origin === 'declared' || right.origin === 'empty' || left.type === right.type) return left;
  if (left.origin === 'empty' || right.origin === 'declared') return right;
  for (const order of [NUMBERS, MOMENTS]) {
    const [a, b] = [order.indexOf(left.type), order.indexOf(right.type)];
    if (a >= 0 && b >= 0) return a > b ? left : right;
  }
  return { type: 'VARCHAR', origin: 'sniffed' };
}

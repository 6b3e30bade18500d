import type { Column } from '@datacraft/shared';
import type { Table } from 'apache-arrow';

import { type Cells, toHtml, toTsv } from './copy.ts';
import type { Range } from './selection.ts';
import { showValue } from './value.ts';

export const MAX_COPY_CELLS = 200_000;

export function cellsOf(table: Table, columns: readonly Column[], range: Range): Cells {
  const picked = columns.slice(range.left, range.right + 1);
  const vectors = picked.map((_, at) => table.getChildAt(range.left + at));
  const rows: (string | null)[][] = [];
  for (let row = range.top; row <= range.bottom; row += 1) {
    rows.push(
      vectors.map((vector, at) => {
        if (vector === null) return null;
        const value = showValue(vector, row, picked[at]?.type ?? '');
        return value.kind === 'null' ? null : value.text;
      }),
    );
  }
  return { head: picked.map((column) => column.name), rows };
}

/** Puts a range on the clipboard as text and as a table; null when it is too large. One cell goes without its header. */
export async function copyRange(table: Table, columns: readonly Column[], range: Range): Promise<number | null> {
  const count = (range.bottom - range.top + 1) * (range.right - range.left + 1);
  if (count > MAX_COPY_CELLS) return null;
  const cells = cellsOf(table, columns, range);
  const withHead = count > 1;
  const text = new Blob([toTsv(cells, withHead)], { type: 'text/plain' });
  const html = new Blob([toHtml(cells, withHead)], { type: 'text/html' });
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text, 'text/html': html })]);
  return count;
}

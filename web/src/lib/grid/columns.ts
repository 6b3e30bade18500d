import type { Column } from '@datacraft/shared';
import type { Table } from 'apache-arrow';

import { isNumericType, showValue } from './value.ts';

export const ROW_PX = 24;
/** A header with its profile. */
export const HEADER_PX = 72;
const MIN_PX = 96;
const MAX_PX = 320;
const PADDING_PX = 20;
const SAMPLE_ROWS = 60;
/** Advance of one character: 11.5 px mono in cells, 12 px mono in headers, 12 px Inter on average. */
const MONO_PX = 6.95;
const HEAD_PX = 7.25;
const TEXT_PX = 6.4;
/** The type's mark, and the filter that appears at its right. */
const ICON_PX = 38;

/** Room for the numbers of the rows: five digits, or all that a million needs. */
export function indexWidth(rows: number): number {
  return rows > 99_999 ? 56 : 40;
}

/** Wide enough for the name and for what the first rows hold; measured once, so that nothing jumps. */
export function estimateWidths(table: Table, columns: readonly Column[]): number[] {
  return columns.map((column, index) => {
    const vector = table.getChildAt(index);
    const rows = Math.min(table.numRows, SAMPLE_ROWS);
    const isMono = usesMono(column.type);
    let longest = 4;
    for (let row = 0; vector !== null && row < rows; row += 1) {
      longest = Math.max(longest, showValue(vector, row, column.type).text.length);
    }
    const body = longest * (isMono ? MONO_PX : TEXT_PX) + PADDING_PX;
    const head = column.name.length * HEAD_PX + PADDING_PX + ICON_PX;
    return Math.round(Math.min(MAX_PX, Math.max(MIN_PX, body, Math.min(head, 240))));
  });
}

export function usesMono(type: string): boolean {
  return isNumericType(type) || /^(DATE|TIME|TIMESTAMP|INTERVAL|UUID|BLOB|BIT)/.test(type);
}

/** Left edges of the columns, and the whole width at the end. */
export function edgesOf(widths: readonly number[]): number[] {
  const edges = [0];
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width);
  return edges;
}

/** Columns that overlap `[from, to)`, half-open, with one more on each side so that none appears late. */
export function columnsBetween(edges: readonly number[], from: number, to: number): { start: number; end: number } {
  const last = edges.length - 1;
  let start = firstAfter(edges, from) - 1;
  let end = firstAfter(edges, to);
  start = Math.max(0, start - 1);
  end = Math.min(last, end + 1);
  return { start, end };
}

function firstAfter(edges: readonly number[], px: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= px) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { HEADER_PX, ROW_PX } from './columns.ts';

const FOOTER_PX = 32;

/** Height a result will take once its rows are there, so that nothing below moves; one line when nobody knows. */
export function placeFor(rows: number | null, maxRows: number): number {
  if (rows === null) return FOOTER_PX;
  return HEADER_PX + Math.max(1, Math.min(rows, maxRows)) * ROW_PX + FOOTER_PX;
}

import { ROW_PX } from './columns.ts';
import type { Place, Range } from './selection.ts';

/** What the marks of a selection are placed by: columns' edges and widths, and where the scroll is. */
export interface MarkGround {
  readonly edges: readonly number[];
  readonly widths: readonly number[];
  readonly top: number;
  readonly left: number;
  readonly bodyPx: number;
}

/** Puts the two marks of a selection where its cells are; far ones stay just out of sight. */
export function paintMarks(
  marks: { readonly range: HTMLElement; readonly focus: HTMLElement },
  range: Range,
  focus: Place,
  { edges, widths, top, left, bodyPx }: MarkGround,
): void {
  const from = edges[range.left] ?? 0;
  const over = Math.max(range.top * ROW_PX - top, -ROW_PX);
  const under = Math.min((range.bottom + 1) * ROW_PX - top, bodyPx + ROW_PX);
  put(marks.range, from - left, over, (edges[range.right + 1] ?? from) - from, Math.max(0, under - over));
  const focusTop = Math.max(-2 * ROW_PX, Math.min(focus.row * ROW_PX - top, bodyPx + ROW_PX));
  put(marks.focus, (edges[focus.column] ?? 0) - left, focusTop, widths[focus.column] ?? 0, ROW_PX);
}

function put(mark: HTMLElement, left: number, top: number, widthPx: number, heightPx: number): void {
  mark.style.transform = `translate(${left}px, ${top}px)`;
  mark.style.width = `${widthPx}px`;
  mark.style.height = `${heightPx}px`;
}

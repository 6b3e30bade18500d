import type { Column } from '@datacraft/shared';
import type { Table } from 'apache-arrow';

import { columnsBetween, edgesOf, estimateWidths, HEADER_PX, indexWidth, ROW_PX } from './columns.ts';
import type { GridScroll } from './grid-scroll.ts';
import type { ScrollSpace } from './scroll-scale.ts';
import type { Place } from './selection.ts';

const NARROWEST_PX = 48;
const WIDEST_PX = 900;
const DETAIL_PX = 360;

/** What the layout follows. */
export interface LaidOut {
  /** All rows, whatever the view shows of them. */
  readonly rows: number;
  readonly shownRows: number;
  readonly maxRows: number;
  readonly profile: boolean;
  readonly widthPx: number;
}

/** Where the parts of a grid are, in pixels of its box. */
export class GridLayout {
  widths = $state.raw<number[]>([]);
  readonly #of: () => LaidOut;
  #known: readonly Column[] = [];

  constructor(of: () => LaidOut) {
    this.#of = of;
  }

  /** Left edges of the columns, and the whole width at the end. */
  readonly edges = $derived.by(() => edgesOf(this.widths));
  readonly indexPx = $derived.by(() => indexWidth(this.#of().rows));
  readonly totalPx = $derived.by(() => (this.edges.at(-1) ?? 0) + this.indexPx);
  readonly headPx = $derived.by(() => (this.#of().profile ? HEADER_PX : ROW_PX));
  readonly bodyPx = $derived.by(() => {
    const { rows, shownRows, maxRows } = this.#of();
    return Math.max(1, Math.min(Math.max(shownRows, rows), maxRows)) * ROW_PX;
  });
  /** Of a scrollbar below, where the columns are wider than the box. */
  readonly barPx = $derived.by(() => (this.totalPx > this.#of().widthPx ? 8 : 0));
  readonly space: ScrollSpace = $derived.by(() => ({
    contentPx: this.#of().shownRows * ROW_PX,
    viewportPx: this.bodyPx,
  }));
  /** Rows that a page key goes. */
  readonly page = $derived.by(() => Math.max(1, Math.floor(this.bodyPx / ROW_PX) - 1));

  get columnsPx(): number {
    return this.#of().widthPx - this.indexPx;
  }

  /** Whether the columns are others than before; those that stay keep their widths. */
  follow(columns: readonly Column[], table: Table): boolean {
    const isSame = columns.length === this.#known.length && columns.every((c, i) => c.name === this.#known[i]?.name);
    this.#known = columns;
    if (isSame && this.widths.length === columns.length) return false;
    this.widths = estimateWidths(table, columns);
    return true;
  }

  /** The width it got. */
  resize(column: number, px: number): number {
    const next = Math.round(Math.max(NARROWEST_PX, Math.min(px, WIDEST_PX)));
    this.widths = this.widths.map((before, at) => (at === column ? next : before));
    return next;
  }

  inSight(left: number): { start: number; end: number } {
    return columnsBetween(this.edges, left, left + this.columnsPx);
  }

  /** The cell under a point of the screen; null: none is. */
  placeAt(point: { clientX: number; clientY: number }, scroller: HTMLElement, scroll: GridScroll): Place | null {
    const box = scroller.getBoundingClientRect();
    const y = point.clientY - box.top - this.headPx;
    const x = point.clientX - box.left - this.indexPx + scroll.left;
    const row = Math.floor((y + scroll.top) / ROW_PX);
    const column = this.edges.findLastIndex((edge) => edge <= x);
    const isOn = y >= 0 && row >= 0 && row < this.#of().shownRows && column >= 0 && column < this.widths.length;
    return isOn ? { row, column } : null;
  }

  /** Where the detail of a cell opens: below it, within the box. */
  detailAt({ row, column }: Place, scroll: GridScroll): { left: number; top: number } {
    const left = (this.edges[column] ?? 0) - scroll.left + this.indexPx;
    return {
      left: Math.max(8, Math.min(left, this.#of().widthPx - DETAIL_PX)),
      top: this.headPx + (row + 1) * ROW_PX - scroll.top,
    };
  }
}

import type { Column } from '@datacraft/shared';
import type { Vector } from 'apache-arrow';

import { ROW_PX, usesMono } from './columns.ts';
import { baseOf } from './grid-rows.ts';
import type { Place, Range } from './selection.ts';
import { isNumericType, showValue } from './value.ts';

/**
 * The cells of a grid, painted by hand: a scroll of a million rows by three hundred columns leaves no time for
 * components.
 *
 * B1  Elements are made once and reused: row `r` lives in row slot `r % rows`, column `c` in cell slot `c % columns`.
 *     A scroll writes only what came into sight; nothing is created, removed or moved in the tree.
 * B2  Scrolling sets two transforms: one layer holds the cells, one the numbers of the rows.
 * B3  Sizes are fixed and every cell is contained, so that a new text lays out nothing but itself. Cells have no
 *     transform and no layer of their own: each would cost a node in the compositor.
 *
 * It knows no scroll bar, no engine and no keys; it paints what it is told.
 */
export interface BodyContent {
  readonly vectors: readonly (Vector | null)[];
  readonly columns: readonly Column[];
  readonly widths: readonly number[];
  readonly edges: readonly number[];
  readonly rowCount: number;
}

export interface BodyWindow {
  /** Px of the content above the first pixel in sight. */
  readonly top: number;
  readonly left: number;
  readonly heightPx: number;
  readonly widthPx: number;
  /** Columns in sight, half-open. */
  readonly start: number;
  readonly end: number;
}

interface CellSlot {
  readonly element: HTMLSpanElement;
  readonly text: Text;
  row: number;
  column: number;
  look: string;
  isSelected: boolean;
}

interface RowSlot {
  readonly element: HTMLDivElement;
  readonly number: HTMLSpanElement;
  readonly numberText: Text;
  readonly cells: CellSlot[];
  row: number;
  base: number;
}

const MAX_TEXT = 300;
const NOTHING: BodyContent = { vectors: [], columns: [], widths: [], edges: [0], rowCount: 0 };

export class GridBody {
  readonly #layer: HTMLElement;
  readonly #index: HTMLElement;
  readonly #uid: string;
  readonly #rows: RowSlot[] = [];
  #content = NOTHING;
  #looks: string[] = [];
  #columnSlots = 0;
  #range: Range | null = null;

  constructor(layer: HTMLElement, index: HTMLElement, uid: string) {
    this.#layer = layer;
    this.#index = index;
    this.#uid = uid;
  }

  /** Everything is painted anew at the next `paint`. */
  fill(content: BodyContent): void {
    this.#content = content;
    this.#looks = content.columns.map(({ type }) => `${usesMono(type) ? ' m' : ''}${isNumericType(type) ? ' n' : ''}`);
    for (const row of this.#rows) forget(row);
  }

  /** What is selected from the next `paint` on. */
  mark(range: Range | null): void {
    this.#range = range;
  }

  /** Id of the element that shows a cell now, for `aria-activedescendant`. */
  idOf({ row, column }: Place): string | null {
    const slot = this.#rows[row % Math.max(1, this.#rows.length)];
    const cell = slot?.cells[column % Math.max(1, this.#columnSlots)];
    return slot?.row === row && cell?.column === column ? cell.element.id : null;
  }

  paint(window: BodyWindow): void {
    const first = Math.floor(window.top / ROW_PX);
    const wanted = Math.ceil(window.heightPx / ROW_PX) + 2;
    this.#reserve(wanted, window.end - window.start);
    const pool = this.#rows.length;
    const last = Math.min(this.#content.rowCount, first + pool);
    const base = baseOf(first);
    const shiftPx = base * ROW_PX - window.top;
    this.#layer.style.transform = `translate(${-window.left}px, ${shiftPx}px)`;
    this.#index.style.transform = `translateY(${shiftPx}px)`;
    this.#layer.style.width = `${Math.max(this.#content.edges.at(-1) ?? 0, window.widthPx)}px`;
    for (let row = first; row < first + pool; row += 1) {
      const slot = this.#rows[row % pool];
      if (slot === undefined) continue;
      if (row >= last) hide(slot);
      else this.#paintRow(slot, row, base, window);
    }
  }

  #paintRow(slot: RowSlot, row: number, base: number, { start, end }: BodyWindow): void {
    if (slot.row !== row || slot.base !== base) {
      const transform = `translateY(${(row - base) * ROW_PX}px)`;
      if (slot.row < 0) show(slot);
      slot.element.style.transform = transform;
      slot.number.style.transform = transform;
      if (slot.row !== row) {
        slot.element.setAttribute('aria-rowindex', String(row + 2));
        slot.numberText.data = String(row + 1);
      }
      slot.row = row;
      slot.base = base;
    }
    const slots = this.#columnSlots;
    for (let column = start; column < start + slots; column += 1) {
      const cell = slot.cells[column % slots];
      if (cell === undefined) continue;
      if (column >= end) hideCell(cell);
      else this.#paintCell(cell, row, column);
    }
  }

  #paintCell(cell: CellSlot, row: number, column: number): void {
    const { vectors, columns, widths, edges } = this.#content;
    if (cell.column !== column) {
      const { style } = cell.element;
      if (cell.column < 0) style.display = '';
      style.left = `${edges[column] ?? 0}px`;
      style.width = `${widths[column] ?? 0}px`;
      cell.element.setAttribute('aria-colindex', String(column + 2));
    }
    if (cell.column !== column || cell.row !== row) {
      const vector = vectors[column];
      const value = vector ? showValue(vector, row, columns[column]?.type ?? '') : null;
      const look = `cell ${value?.kind ?? 'null'}${this.#looks[column] ?? ''}`;
      if (look !== cell.look) {
        cell.element.className = look;
        cell.look = look;
      }
      const text = value?.kind === 'empty' ? '“”' : (value?.text ?? '');
      cell.text.data = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
      cell.row = row;
      cell.column = column;
    }
    const isSelected = isWithin(this.#range, row, column);
    if (isSelected !== cell.isSelected) {
      cell.element.setAttribute('aria-selected', String(isSelected));
      cell.isSelected = isSelected;
    }
  }

  /** Slots only grow in number; when they do, all are painted anew, for rows and columns then live elsewhere. */
  #reserve(rows: number, columns: number): void {
    const hasRows = this.#rows.length >= rows && this.#rows.length <= rows * 2;
    if (hasRows && this.#columnSlots >= columns) return;
    for (const extra of this.#rows.splice(rows)) {
      extra.element.remove();
      extra.number.remove();
    }
    while (this.#rows.length < rows) this.#rows.push(this.#addRow());
    this.#columnSlots = Math.max(columns, this.#columnSlots);
    for (const [at, row] of this.#rows.entries()) {
      while (row.cells.length < this.#columnSlots) {
        const cell = createCell(`${this.#uid}-${at}-${row.cells.length}`);
        row.element.append(cell.element);
        row.cells.push(cell);
      }
      forget(row);
    }
  }

  #addRow(): RowSlot {
    const element = document.createElement('div');
    element.className = 'row';
    element.setAttribute('role', 'row');
    const number = document.createElement('span');
    number.className = 'ix';
    const numberText = document.createTextNode('');
    number.append(numberText);
    this.#layer.append(element);
    this.#index.append(number);
    return { element, number, numberText, cells: [], row: -1, base: -1 };
  }
}

function createCell(id: string): CellSlot {
  const element = document.createElement('span');
  element.id = id;
  element.className = 'cell';
  element.setAttribute('role', 'gridcell');
  element.setAttribute('aria-selected', 'false');
  const text = document.createTextNode('');
  element.append(text);
  return { element, text, row: -1, column: -1, look: 'cell', isSelected: false };
}

function forget(slot: RowSlot): void {
  slot.row = -1;
  for (const cell of slot.cells) cell.column = -1;
}

function show(slot: RowSlot): void {
  slot.element.style.display = '';
  slot.number.style.display = '';
}

function hide(slot: RowSlot): void {
  slot.row = -1;
  slot.element.style.display = 'none';
  slot.number.style.display = 'none';
}

function hideCell(cell: CellSlot): void {
  if (cell.column < 0 && cell.element.style.display === 'none') return;
  cell.column = -1;
  cell.element.style.display = 'none';
}

function isWithin(range: Range | null, row: number, column: number): boolean {
  if (range === null) return false;
  return row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;
}

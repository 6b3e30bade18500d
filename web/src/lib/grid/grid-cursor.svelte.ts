import { type GridAction, gridAction } from './grid-keys.ts';
import { type Extents, type Place, type Range, rangeOf, type Selection } from './selection.ts';

/** What the grid does for its cursor. */
export interface GridDeeds {
  /** No row: the header. */
  readonly bringIntoView: (row: number | null, column: number) => void;
  readonly copy: (range: Range) => void;
  readonly sort: (column: number) => void;
  readonly filter: (column: number) => void;
  readonly resize: (column: number, byPx: number) => void;
  readonly chart: (column: number) => void;
}

/** Where the reader is in a grid: on cells, on a header, or in the detail of one cell. */
export class GridCursor {
  selection = $state.raw<Selection | null>(null);
  head = $state.raw<number | null>(null);
  detailAt = $state.raw<Place | null>(null);
  readonly range = $derived(this.selection === null ? null : rangeOf(this.selection));

  readonly #extents: () => Extents & { readonly firstRow: number };
  readonly #deeds: GridDeeds;

  constructor(extents: () => Extents & { readonly firstRow: number }, deeds: GridDeeds) {
    this.#extents = extents;
    this.#deeds = deeds;
  }

  leaveAll(): void {
    this.selection = null;
    this.head = null;
    this.detailAt = null;
  }

  /** On this cell alone, or with `extend` on all from where the selection began. */
  press(at: Place, { extend = false } = {}): void {
    this.selection = { anchor: extend && this.selection !== null ? this.selection.anchor : at, focus: at };
    this.head = null;
    this.detailAt = null;
  }

  dragTo(at: Place): void {
    if (this.selection !== null) this.selection = { anchor: this.selection.anchor, focus: at };
  }

  /** Whether the key was the grid's. */
  onKeydown(event: KeyboardEvent): boolean {
    const { key, shiftKey: shift, altKey: alt } = event;
    const { firstRow, ...extents } = this.#extents();
    const { selection, head } = this;
    const pressed = { key, shift, alt, mod: event.ctrlKey || event.metaKey };
    const action = extents.columns === 0 ? null : gridAction(pressed, { selection, head, firstRow }, extents);
    if (action === null) return false;
    event.preventDefault();
    if (action.kind === 'leave') event.stopPropagation();
    this.#act(action, extents);
    return true;
  }

  #act(action: GridAction, { rows, columns }: Extents): void {
    switch (action.kind) {
      case 'copy':
        return this.range === null ? undefined : this.#deeds.copy(this.range);
      case 'select-all':
        if (rows > 0) this.selection = { anchor: { row: 0, column: 0 }, focus: { row: rows - 1, column: columns - 1 } };
        return;
      case 'leave':
        return this.#leave();
      case 'detail':
        this.detailAt = this.detailAt === null ? (this.selection?.focus ?? null) : null;
        return;
      case 'select':
        return rows === 0 ? undefined : this.#moveTo(action.selection);
      case 'head':
        this.head = action.column;
        this.detailAt = null;
        return this.#deeds.bringIntoView(null, action.column);
      case 'resize':
        return this.#deeds.resize(action.column, action.byPx);
      case 'sort':
      case 'filter':
      case 'chart':
        return this.#deeds[action.kind](action.column);
    }
  }

  #moveTo(selection: Selection): void {
    this.selection = selection;
    this.head = null;
    if (this.detailAt !== null) this.detailAt = selection.focus;
    this.#deeds.bringIntoView(selection.focus.row, selection.focus.column);
  }

  /** One step out: of the detail, of the header, of the selection. */
  #leave(): void {
    if (this.detailAt !== null) this.detailAt = null;
    else if (this.head !== null) this.head = null;
    else this.selection = null;
  }
}

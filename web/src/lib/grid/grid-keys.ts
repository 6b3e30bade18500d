import { type Extents, type Key, moveSelection, type Selection } from './selection.ts';

/** Where the keyboard is: on cells, or on the header of a column above them. */
export interface Standing {
  readonly selection: Selection | null;
  readonly head: number | null;
  /** The row that a first key starts from. */
  readonly firstRow: number;
}

export interface GridKey extends Key {
  readonly alt: boolean;
}

export type GridAction =
  | { readonly kind: 'copy' | 'select-all' | 'detail' | 'leave' }
  | { readonly kind: 'select'; readonly selection: Selection }
  | { readonly kind: 'head'; readonly column: number }
  | { readonly kind: 'sort' | 'filter' | 'chart'; readonly column: number }
  | { readonly kind: 'resize'; readonly column: number; readonly byPx: number };

const RESIZE_PX = 16;

/**
 * What a key does in a grid; null when it is not the grid's. The header is the row above the first: Arrow up reaches
 * it from there, Alt+Arrow up from anywhere.
 */
export function gridAction(key: GridKey, at: Standing, extents: Extents): GridAction | null {
  if (at.head !== null) return headAction(key, at.head, at, extents);
  const letter = key.key.toLowerCase();
  if (key.mod && letter === 'c') return { kind: 'copy' };
  if (key.mod && letter === 'a') return { kind: 'select-all' };
  if (key.key === 'Escape') return at.selection === null ? null : { kind: 'leave' };
  const focus = at.selection?.focus ?? { row: at.firstRow, column: 0 };
  if (key.key === 'ArrowUp' && !key.shift && !key.mod && (key.alt || (at.selection !== null && focus.row === 0))) {
    return { kind: 'head', column: focus.column };
  }
  if (key.alt) return null;
  if ((key.key === 'Enter' || key.key === ' ') && at.selection !== null && !key.mod) return { kind: 'detail' };
  const from = at.selection ?? { anchor: focus, focus };
  const next = moveSelection(from, key, extents);
  if (next === null) return null;
  return { kind: 'select', selection: at.selection === null ? from : next };
}

function headAction(key: GridKey, head: number, at: Standing, extents: Extents): GridAction | null {
  const last = extents.columns - 1;
  const to = (column: number): GridAction => ({ kind: 'head', column: Math.max(0, Math.min(column, last)) });
  const step = key.key === 'ArrowRight' ? 1 : key.key === 'ArrowLeft' ? -1 : 0;
  if (step !== 0 && key.alt) return { kind: 'resize', column: head, byPx: step * RESIZE_PX };
  if (step !== 0) return key.mod ? to(step > 0 ? last : 0) : to(head + step);
  if (key.key === 'ArrowDown' && key.alt) return { kind: 'filter', column: head };
  if (key.key === 'ArrowDown') {
    const place = { row: Math.min(at.firstRow, extents.rows - 1), column: head };
    return extents.rows === 0 ? null : { kind: 'select', selection: { anchor: place, focus: place } };
  }
  if (key.key === 'Home') return to(0);
  if (key.key === 'End') return to(last);
  if (key.key === 'Escape') return { kind: 'leave' };
  if (key.key === 'Enter' || key.key === ' ') return { kind: 'sort', column: head };
  if (key.mod || key.alt) return null;
  if (key.key === 'f') return { kind: 'filter', column: head };
  return key.key === 'c' ? { kind: 'chart', column: head } : null;
}

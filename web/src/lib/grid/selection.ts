/** A rectangle of cells: where it began, and where the cursor is. */
export interface Selection {
  readonly anchor: Place;
  readonly focus: Place;
}
export interface Place {
  readonly row: number;
  readonly column: number;
}
export interface Extents {
  readonly rows: number;
  readonly columns: number;
  /** Rows seen at once. */
  readonly page: number;
}
export interface Key {
  readonly key: string;
  readonly shift: boolean;
  /** Ctrl or ⌘ */
  readonly mod: boolean;
}

/** The selection after a key, or null when the key moves nothing. */
export function moveSelection(selection: Selection, key: Key, extents: Extents): Selection | null {
  const target = targetOf(selection.focus, key, extents);
  if (target === null) return null;
  const focus = {
    row: clamp(target.row, extents.rows - 1),
    column: clamp(target.column, extents.columns - 1),
  };
  return { anchor: key.shift ? selection.anchor : focus, focus };
}

function targetOf({ row, column }: Place, { key, mod }: Key, { rows, columns, page }: Extents): Place | null {
  switch (key) {
    case 'ArrowUp':
      return { row: mod ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: mod ? rows - 1 : row + 1, column };
    case 'ArrowLeft':
      return { row, column: mod ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: mod ? columns - 1 : column + 1 };
    case 'PageUp':
      return { row: row - page, column };
    case 'PageDown':
      return { row: row + page, column };
    case 'Home':
      return { row: mod ? 0 : row, column: 0 };
    case 'End':
      return { row: mod ? rows - 1 : row, column: columns - 1 };
    default:
      return null;
  }
}

export interface Range {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Inclusive on all sides. */
export function rangeOf({ anchor, focus }: Selection): Range {
  return {
    top: Math.min(anchor.row, focus.row),
    bottom: Math.max(anchor.row, focus.row),
    left: Math.min(anchor.column, focus.column),
    right: Math.max(anchor.column, focus.column),
  };
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}

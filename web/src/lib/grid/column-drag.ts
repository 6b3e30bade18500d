/** What a column's header carries while it is dragged: the name of its result and its own. */
export const COLUMN_TYPE = 'application/x-datacraft-column';

export interface DraggedColumn {
  readonly from: string;
  readonly column: string;
}

export function readDragged(text: string): DraggedColumn | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('from' in value) || !('column' in value)) return null;
    return typeof value.from === 'string' && typeof value.column === 'string'
      ? { from: value.from, column: value.column }
      : null;
  } catch {
    // Dragged from another program.
    return null;
  }
}

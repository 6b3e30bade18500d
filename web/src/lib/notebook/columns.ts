import type { Column } from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import type { NotebookSession } from './session.svelte.ts';

/** Columns of a cell's relation: of the rows that are held of it, else of the newest preview, else of what is published. */
export function columnsOfCell(session: NotebookSession, cell: CellModel): readonly Column[] {
  const held = session.pins.of(cell.id);
  if (held) return held.columns;
  return session.preview.of(cell.id).result?.columns ?? session.live.statuses.get(cell.id)?.published?.columns ?? [];
}

import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import { reveal } from './reveal.ts';
import type { NotebookSession } from './session.svelte.ts';

/** Goes to a cell from anywhere in the notebook, the graph included. */
export function jumpTo(session: NotebookSession, cell: CellModel, block: 'nearest' | 'start' = 'nearest'): void {
  session.selection.view = 'notebook';
  session.selection.select(cell.id);
  requestAnimationFrame(() => reveal(cell.id, block));
}

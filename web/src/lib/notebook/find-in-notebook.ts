import type { NotebookSession } from './session.svelte.ts';
import { topCell } from './top-cell.ts';

/** Opens the search, or leaves the key to the browser: in the search itself, and where there are no cells to see. */
export function findInNotebook(session: NotebookSession, target: EventTarget | null): boolean {
  if (session.selection.view !== 'notebook' || !session.room.ready) return false;
  if (target instanceof HTMLElement && target.closest('[role="search"], [role="dialog"], [role="menu"]')) return false;
  const page = document.getElementById('content');
  const words = window.getSelection()?.toString() ?? '';
  session.finding.ask({ cellId: page && topCell(page, session.cells), words: words.trim() });
  return true;
}

import type { CellPreview } from '#lib/preview/cell-preview.svelte.ts';
import type { CellState } from '#lib/notebook/cell-state.ts';

/** The cell's state with what the preview found. The compiler's word comes first: it knows the whole notebook. */
export function withPreview(state: CellState, view: CellPreview, name: string): CellState {
  if (state.error || state.mark === 'running' || state.mark === 'queued' || view.state !== 'error' || !view.error)
    return state;
  const { message, said, line, column, because } = view.error;
  // What stands above has its own mark and its own message; here only the waiting is said.
  if (because !== null) return because === name ? state : { ...state, mark: 'blocked', waitsFor: because };
  return { ...state, mark: 'failed', error: { code: 'query-failed', message, said, line, column, suggestion: null } };
}

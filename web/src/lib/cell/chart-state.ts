import type { CellState } from '#lib/notebook/cell-state.ts';

/** A chart is as fresh as what it draws, unless it has a finding of its own. */
export function chartState(own: CellState, above: CellState | null, name: string | null): CellState {
  if (own.mark === 'failed' || own.mark === 'blocked' || !above) return own;
  if (above.mark === 'failed') return { ...own, mark: 'blocked', waitsFor: name };
  if (above.mark === 'blocked') return { ...own, mark: 'blocked', waitsFor: above.waitsFor ?? name };
  return { ...own, mark: above.mark === 'skipped' ? 'fresh' : above.mark, because: [] };
}

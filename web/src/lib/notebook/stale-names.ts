import type { CellKind } from '@datacraft/shared';
import type { MarkState } from '#lib/ui/state.ts';

/** Names of the cells that a run would bring up to date: published before, and something they read has changed. */
export function staleNames<Cell extends { name: string; kind: CellKind }>(
  cells: readonly Cell[],
  markOf: (cell: Cell) => MarkState,
): string[] {
  return cells
    .filter((cell) => cell.name !== '' && ['sql', 'source', 'transform', 'model'].includes(cell.kind))
    .filter((cell) => markOf(cell) === 'stale')
    .map((cell) => cell.name);
}

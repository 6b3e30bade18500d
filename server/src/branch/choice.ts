import type { CellId, CellMerge, Notebook, Said } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';

/** What of a merge is taken. */
interface Choice {
  /** Default: all that do not conflict. */
  readonly cells?: readonly CellId[] | undefined;
  /** Of these the coming side is taken, whatever the other one has. */
  readonly take?: readonly CellId[] | undefined;
}

/** Throws `conflict` for a cell that both sides changed and nobody decided about. */
export function chosenOf(
  merges: readonly CellMerge[],
  { cells, take = [] }: Choice,
  clashing: (names: string) => Said,
): CellMerge[] {
  const chosen = merges.filter((each) =>
    cells === undefined ? each.state !== 'conflict' || take.includes(each.cellId) : cells.includes(each.cellId),
  );
  const clash = chosen.filter((each) => each.state === 'conflict' && !take.includes(each.cellId));
  if (clash.length === 0) return chosen;
  const names = clash.map((each) => each.name || each.kind).join(', ');
  throw new Fault('conflict', clashing(names));
}

/** What was taken is what both sides come from now. */
export function withCellsOf(ancestor: Notebook, side: Notebook, ids: readonly CellId[]): Notebook {
  const taken = side.cells.filter((cell) => ids.includes(cell.id));
  return { ...ancestor, cells: [...ancestor.cells.filter((cell) => !ids.includes(cell.id)), ...taken] };
}

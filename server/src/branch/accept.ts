/**
 * A branch's cells brought into the notebook it was forked from.
 *
 * T1  What is accepted is worked out on the document as it is at that moment; a conflict is taken only where asked for.
 * T2  It is an ordinary edit between two named versions: each brings the notebook back.
 */
import type { BranchReview, CellId, CellMerge, Notebook, UserId } from '@datacraft/shared';
import { acceptMerges, Fault, mergeNotebooks } from '@datacraft/shared';
import { readNotebook, restoreNotebook } from '@datacraft/shared/ydoc';
import type { Deps } from '../deps.ts';
import { loadBranch, setAncestor } from './store.ts';

type AcceptDeps = Pick<Deps, 'pool' | 'rooms' | 'versions' | 'now'>;

export interface Acceptance {
  /** Default: all that do not conflict. */
  readonly cells?: readonly CellId[];
  /** Of these the branch's side is taken whatever main has. */
  readonly takeBranch?: readonly CellId[];
}

export async function reviewOf({ pool, rooms }: AcceptDeps, branchId: string): Promise<BranchReview> {
  const { of, ancestor } = await loadBranch(pool, branchId);
  const [branch, main] = await Promise.all([rooms.notebook(branchId), rooms.notebook(of.id)]);
  return { cells: mergeNotebooks(ancestor, branch, main), branch, main };
}

/** Answers the ids of the accepted cells. */
export async function acceptBranch(
  deps: AcceptDeps,
  branchId: string,
  asked: Acceptance,
  by: UserId,
): Promise<readonly CellId[]> {
  const found = await loadBranch(deps.pool, branchId);
  const branch = await deps.rooms.notebook(branchId);
  const parentId = found.of.id;
  const before = mergeNotebooks(found.ancestor, branch, await deps.rooms.notebook(parentId));
  chosenOf(before, asked);
  await deps.versions.name(parentId, { name: `Before “${found.name}”`, message: found.note }, by);
  const at = new Date(deps.now()).toISOString();
  let chosen: CellMerge[] = [];
  await deps.rooms.change(
    parentId,
    (doc) => {
      const main = readNotebook(doc);
      chosen = chosenOf(mergeNotebooks(found.ancestor, branch, main), asked);
      const cells = chosen.map((each) => each.cellId);
      restoreNotebook(doc, acceptMerges(main, chosen), { cells, at }, 'server');
    },
    by,
  );
  await deps.versions.name(parentId, { name: `With “${found.name}”`, message: found.note }, by);
  const ids = chosen.map((each) => each.cellId);
  const ancestor = withCellsOf(found.ancestor, branch, ids);
  const left = mergeNotebooks(ancestor, branch, await deps.rooms.notebook(parentId));
  await setAncestor(deps.pool, branchId, ancestor, left.length === 0 ? 'merged' : found.state);
  return ids;
}

function chosenOf(merges: readonly CellMerge[], { cells, takeBranch = [] }: Acceptance): CellMerge[] {
  const chosen = merges.filter((each) =>
    cells === undefined ? each.state !== 'conflict' || takeBranch.includes(each.cellId) : cells.includes(each.cellId),
  );
  const clash = chosen.filter((each) => each.state === 'conflict' && !takeBranch.includes(each.cellId));
  if (clash.length > 0)
    throw new Fault(
      'conflict',
      `${clash.map((each) => each.name || each.kind).join(', ')}: the notebook was changed in the same place; look at both and take the branch's side, or change the branch`,
    );
  if (chosen.length > 0) return chosen;
  throw new Fault('conflict', 'there is nothing to accept: the notebook has these cells so already');
}

/** What was accepted is what both sides come from now. */
function withCellsOf(ancestor: Notebook, branch: Notebook, ids: readonly CellId[]): Notebook {
  const taken = branch.cells.filter((cell) => ids.includes(cell.id));
  return { ...ancestor, cells: [...ancestor.cells.filter((cell) => !ids.includes(cell.id)), ...taken] };
}

/**
 * A branch's cells brought into the notebook it was forked from.
 *
 * T1  What is accepted is worked out on the document as it is at that moment; a conflict is taken only where asked for.
 * T2  It is an ordinary edit between two named versions: each brings the notebook back.
 */
import type { BranchReview, CellId, CellMerge, UserId } from '@datacraft/shared';
import { acceptMerges, Fault, mergeNotebooks } from '@datacraft/shared';
import { readNotebook, restoreNotebook } from '@datacraft/shared/ydoc';
import type { Deps } from '../deps.ts';
import { chosenOf, withCellsOf } from './choice.ts';
import { loadBranch, setAncestor } from './store.ts';

type AcceptDeps = Pick<Deps, 'pool' | 'rooms' | 'versions' | 'now'>;

export interface Acceptance {
  /** Default: all that do not conflict. */
  readonly cells?: readonly CellId[] | undefined;
  /** Of these the branch's side is taken whatever main has. */
  readonly takeBranch?: readonly CellId[] | undefined;
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
  by: UserId | null,
): Promise<readonly CellId[]> {
  const found = await loadBranch(deps.pool, branchId);
  const branch = await deps.rooms.notebook(branchId);
  const parentId = found.of.id;
  const before = mergeNotebooks(found.ancestor, branch, await deps.rooms.notebook(parentId));
  toAccept(before, asked);
  await deps.versions.name(parentId, { name: `Before “${found.name}”`, message: found.note }, by);
  const at = new Date(deps.now()).toISOString();
  let chosen: CellMerge[] = [];
  await deps.rooms.change(
    parentId,
    (doc) => {
      const main = readNotebook(doc);
      chosen = toAccept(mergeNotebooks(found.ancestor, branch, main), asked);
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

function toAccept(merges: readonly CellMerge[], { cells, takeBranch }: Acceptance): CellMerge[] {
  const hint = "look at both and take the branch's side, or change the branch";
  const chosen = chosenOf(merges, { cells, take: takeBranch }, hint);
  if (chosen.length > 0) return chosen;
  throw new Fault('conflict', 'there is nothing to accept: the notebook has these cells so already');
}

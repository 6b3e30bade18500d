/**
 * What a notebook came to since a branch was forked from it, brought into the branch: three-way, cell by cell.
 *
 * U1  What the branch changed and the notebook did not is never touched.
 * U2  A cell that both changed in one place waits for a choice: the notebook's side, or the branch's.
 * U3  Either way it is decided: the notebook's cell is what both come from, and the review shows what the branch adds.
 * U4  The edit and what both come from now are one transaction; nobody else changes the branch meanwhile.
 */
import type { Queryable } from '@datacraft/engine';
import type { BranchReview, CellId, UserId } from '@datacraft/shared';
import { acceptMerges, Fault, mergeNotebooks, say } from '@datacraft/shared';
import { readNotebook, restoreNotebook } from '@datacraft/shared/ydoc';
import { withTransaction } from '../database/pool.ts';
import type { Deps } from '../deps.ts';
import { lockDocument, storedDocument } from '../room/locked-document.ts';
import { chosenOf, withCellsOf } from './choice.ts';
import { loadBranch, lockBranch, setAncestor } from './store.ts';

type UpdateDeps = Pick<Deps, 'pool' | 'bus' | 'rooms' | 'versions' | 'now'>;

interface Update {
  /** Default: all that do not conflict. */
  readonly cells?: readonly CellId[] | undefined;
  /** Conflicts that are decided for the notebook's side. */
  readonly takeMain?: readonly CellId[] | undefined;
  /** Conflicts that are decided for the branch's side. */
  readonly keepBranch?: readonly CellId[] | undefined;
}

/** Cells that the notebook changed and the branch does not have so yet. */
export async function changesOfMain(
  { pool, rooms }: Pick<UpdateDeps, 'pool' | 'rooms'>,
  branchId: string,
): Promise<BranchReview> {
  const { of, ancestor } = await loadBranch(pool, branchId);
  const [branch, main] = await Promise.all([rooms.notebook(branchId), rooms.notebook(of.id)]);
  return { cells: mergeNotebooks(ancestor, main, branch), branch, main };
}

/** Answers the ids of the decided cells. */
export async function takeMain(
  deps: UpdateDeps,
  branchId: string,
  asked: Update,
  by: UserId | null,
): Promise<readonly CellId[]> {
  const found = await loadBranch(deps.pool, branchId);
  const [main, branch] = await Promise.all([deps.rooms.notebook(found.of.id), deps.rooms.notebook(branchId)]);
  const { taken } = planOf(found.ancestor, asked)(main, branch);
  await Promise.all([deps.rooms.settled(branchId), deps.rooms.settled(found.of.id)]);
  if (taken.length > 0) {
    const message = taken.map((each) => each.name || each.kind).join(', ');
    await deps.versions.name(branchId, { name: `Before changes of “${found.of.title}”`, message }, by);
  }
  const ids = await withTransaction(deps.pool, (tx) => takeLocked(tx, deps, branchId, asked, by));
  await deps.rooms.refresh(branchId);
  return ids;
}

async function takeLocked(
  tx: Queryable,
  { bus, now }: UpdateDeps,
  branchId: string,
  asked: Update,
  by: UserId | null,
): Promise<readonly CellId[]> {
  const found = await lockBranch(tx, branchId);
  const main = readNotebook(await storedDocument(tx, found.of.id));
  const locked = await lockDocument(tx, bus, branchId);
  const branch = readNotebook(locked.doc);
  const { taken, kept } = planOf(found.ancestor, asked)(main, branch);
  const cells = taken.map((each) => each.cellId);
  const at = new Date(now()).toISOString();
  if (taken.length > 0)
    await locked.change((doc) => restoreNotebook(doc, acceptMerges(branch, taken), { cells, at }, 'server'), by);
  const ids = [...taken, ...kept].map((each) => each.cellId);
  await setAncestor(tx, branchId, withCellsOf(found.ancestor, main, ids), found.state);
  return ids;
}

type Sides = Parameters<typeof mergeNotebooks>[0];

function planOf(ancestor: Sides, { cells, takeMain: take = [], keepBranch = [] }: Update) {
  return (main: Sides, branch: Sides) => {
    const merges = mergeNotebooks(ancestor, main, branch);
    const kept = merges.filter((each) => each.state === 'conflict' && keepBranch.includes(each.cellId));
    const open = merges.filter((each) => !kept.includes(each));
    const taken = chosenOf(open, { cells, take }, (names) =>
      say("{names}: both sides were changed in the same place; take the notebook's side or keep the branch's", {
        names,
      }),
    );
    if (taken.length + kept.length > 0) return { taken, kept };
    throw new Fault('conflict', 'there is nothing to take: the branch has these cells of its notebook so already');
  };
}

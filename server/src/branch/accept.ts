/**
 * A branch's cells brought into the notebook it was forked from.
 *
 * T1  What is accepted is worked out on the document as the log has it, and the log takes nothing else until that is
 *     done: of two who accept at once, or of an acceptance and an edit, one comes first and the other sees it.
 * T2  It is an ordinary edit between two named versions: each brings the notebook back.
 * T3  The edit, what later edits are compared with, and the tables that come along are one transaction.
 */
import type { Queryable } from '@datacraft/engine';
import type { BranchReview, CellId, CellMerge, UserId } from '@datacraft/shared';
import { acceptMerges, Fault, mergeNotebooks, say } from '@datacraft/shared';
import { readNotebook, restoreNotebook } from '@datacraft/shared/ydoc';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { createFairTurns } from '../fair-turns.ts';
import { lockDocument, storedDocument } from '../room/locked-document.ts';
import { chosenOf, withCellsOf } from './choice.ts';
import { promoteTables } from './promote.ts';
import { loadBranch, lockBranch, setAncestor } from './store.ts';

type AcceptDeps = Pick<Deps, 'pool' | 'bus' | 'rooms' | 'versions' | 'now'> & { readonly engine: ServerEngine };

export interface Acceptance {
  /** Default: all that do not conflict. */
  readonly cells?: readonly CellId[] | undefined;
  /** Of these the branch's side is taken whatever main has. */
  readonly takeBranch?: readonly CellId[] | undefined;
}

interface Accepted {
  readonly cells: readonly CellId[];
  /** Tables that became the notebook's without a run. */
  readonly promoted: readonly string[];
}

/** Each holds a connection while it asks for another: many at once would wait for each other's. */
const turns = createFairTurns({ total: 1, perOwner: 1 });

export async function reviewOf(
  { pool, rooms }: Pick<AcceptDeps, 'pool' | 'rooms'>,
  branchId: string,
): Promise<BranchReview> {
  const { of, ancestor } = await loadBranch(pool, branchId);
  const [branch, main] = await Promise.all([rooms.notebook(branchId), rooms.notebook(of.id)]);
  return { cells: mergeNotebooks(ancestor, branch, main), branch, main };
}

export async function acceptBranch(
  deps: AcceptDeps,
  branchId: string,
  asked: Acceptance,
  by: UserId | null,
): Promise<Accepted> {
  await turns.take(branchId);
  try {
    return await acceptInTurn(deps, branchId, asked, by);
  } finally {
    turns.free(branchId);
  }
}

async function acceptInTurn(
  deps: AcceptDeps,
  branchId: string,
  asked: Acceptance,
  by: UserId | null,
): Promise<Accepted> {
  const { rooms, versions, bus } = deps;
  const { of, name, note } = await loadBranch(deps.pool, branchId);
  toAccept((await reviewOf(deps, branchId)).cells, asked);
  await Promise.all([rooms.settled(branchId), rooms.settled(of.id)]);
  await versions.name(of.id, { name: `Before “${name}”`, message: note }, by);
  const accepted = await deps.engine.run.db.transaction((tx) => acceptLocked(tx, deps, branchId, asked, by));
  await rooms.refresh(of.id);
  if (accepted.promoted.length > 0) await bus.publish('tables', { notebookId: of.id, tables: [...accepted.promoted] });
  await versions.name(of.id, { name: `With “${name}”`, message: note }, by);
  return accepted;
}

async function acceptLocked(
  tx: Queryable,
  { bus, now, engine }: AcceptDeps,
  branchId: string,
  asked: Acceptance,
  by: UserId | null,
): Promise<Accepted> {
  const found = await lockBranch(tx, branchId);
  const parentId = found.of.id;
  const locked = await lockDocument(tx, bus, parentId);
  const branch = readNotebook(await storedDocument(tx, branchId));
  const main = readNotebook(locked.doc);
  const chosen = toAccept(mergeNotebooks(found.ancestor, branch, main), asked);
  const cells = chosen.map((each) => each.cellId);
  const at = new Date(now()).toISOString();
  await locked.change((doc) => restoreNotebook(doc, acceptMerges(main, chosen), { cells, at }, 'server'), by);
  const notebook = readNotebook(locked.doc);
  const ancestor = withCellsOf(found.ancestor, branch, cells);
  const left = mergeNotebooks(ancestor, branch, notebook);
  await setAncestor(tx, branchId, ancestor, left.length === 0 ? 'merged' : found.state);
  return { cells, promoted: await promoteTables({ branchId, parentId, notebook }, { engine, tx }) };
}

function toAccept(merges: readonly CellMerge[], { cells, takeBranch }: Acceptance): CellMerge[] {
  const clashing = (names: string) =>
    say(
      "{names}: both sides were changed in the same place; look at both and take the branch's side, or change the branch",
      { names },
    );
  const chosen = chosenOf(merges, { cells, take: takeBranch }, clashing);
  if (chosen.length > 0) return chosen;
  // With nothing else to take, what both sides changed is why.
  if (merges.length > 0) chosenOf(merges, { cells: merges.map((each) => each.cellId), take: takeBranch }, clashing);
  throw new Fault('conflict', 'there is nothing to accept: the notebook has these cells so already');
}

/**
 * A branch's cells brought into the notebook it was forked from.
 *
 * T1  What is accepted is worked out on the document as the log has it, and the log takes nothing else until that is
 *     done: of two who accept at once, or of an acceptance and an edit, one comes first and the other sees it.
 * T2  It is an ordinary edit between two named versions: each brings the notebook back.
 * T3  The edit, what later edits are compared with, and the tables that come along are one transaction.
 * T4  The log does not wait for a compile: what the notebook will be is compiled before. Cells whose texts are others by
 *     then, and what reads them, are stale as after any edit. When more is another, that is compiled in turn; only who is
 *     overtaken again and again compiles while the log waits.
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
import { type Ahead, aheadOf, promotablesNow, promoteTables } from './promote.ts';
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

/** Somebody adds and moves cells of the notebook all the time: each look ahead takes as long as a compile. */
const LOOKS_AHEAD = 4;

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
  const accepted = await acceptAhead(deps, branchId, asked, by);
  await rooms.refresh(of.id);
  if (accepted.promoted.length > 0) await bus.publish('tables', { notebookId: of.id, tables: [...accepted.promoted] });
  await versions.name(of.id, { name: `With “${name}”`, message: note }, by);
  return accepted;
}

async function acceptAhead(
  deps: AcceptDeps,
  branchId: string,
  asked: Acceptance,
  by: UserId | null,
): Promise<Accepted> {
  const { db } = deps.engine.run;
  for (let looks = 0; looks < LOOKS_AHEAD; looks += 1) {
    const ahead = await lookAhead(deps, branchId, asked);
    const accepted = await db.transaction((tx) => acceptLocked(tx, deps, { branchId, asked, by, ahead }));
    if (accepted !== null) return accepted;
  }
  const accepted = await db.transaction((tx) => acceptLocked(tx, deps, { branchId, asked, by, ahead: null }));
  if (accepted === null) throw new Fault('internal', 'an acceptance without a look ahead cannot be overtaken');
  return accepted;
}

/** By the copies of this process; when another one knows more, the next look has it. */
async function lookAhead(deps: AcceptDeps, branchId: string, asked: Acceptance): Promise<Ahead> {
  const { of } = await loadBranch(deps.pool, branchId);
  await Promise.all([deps.rooms.refresh(branchId), deps.rooms.refresh(of.id)]);
  const { cells, main } = await reviewOf(deps, branchId);
  return aheadOf(of.id, acceptMerges(main, toAccept(cells, asked)), deps.engine);
}

interface Locked {
  readonly branchId: string;
  readonly asked: Acceptance;
  readonly by: UserId | null;
  readonly ahead: Ahead | null;
}

/** Null, and nothing was done: the notebook would be another one than was looked ahead at. */
async function acceptLocked(
  tx: Queryable,
  { bus, now, engine }: AcceptDeps,
  { branchId, asked, by, ahead }: Locked,
): Promise<Accepted | null> {
  const found = await lockBranch(tx, branchId);
  const parentId = found.of.id;
  const locked = await lockDocument(tx, bus, parentId);
  const branch = readNotebook(await storedDocument(tx, branchId));
  const main = readNotebook(locked.doc);
  const chosen = toAccept(mergeNotebooks(found.ancestor, branch, main), asked);
  const target = acceptMerges(main, chosen);
  const tables = promotablesNow(ahead ?? (await aheadOf(parentId, target, engine)), target);
  if (tables === null) return null;
  const cells = chosen.map((each) => each.cellId);
  const at = new Date(now()).toISOString();
  await locked.change((doc) => restoreNotebook(doc, target, { cells, at }, 'server'), by);
  const notebook = readNotebook(locked.doc);
  const ancestor = withCellsOf(found.ancestor, branch, cells);
  const left = mergeNotebooks(ancestor, branch, notebook);
  await setAncestor(tx, branchId, ancestor, left.length === 0 ? 'merged' : found.state);
  const { title } = notebook;
  return { cells, promoted: await promoteTables({ branchId, parentId, title, cells: tables }, { engine, tx }) };
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

import type { Promotable, Queryable } from '@datacraft/engine';
import { gather, presentFingerprints, promotables, promote } from '@datacraft/engine';
import type { Notebook } from '@datacraft/shared';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';

/** What the tables of a notebook would be made of now, in the order in which a run makes them. */
export async function promotablesOf(
  parentId: string,
  notebook: Notebook,
  engine: ServerEngine,
): Promise<readonly Promotable[]> {
  const { graph } = await engine.compile(notebook);
  const reading = await engine.readingIn(parentId);
  const resolve = engine.resolveFor(ownerOf(parentId, notebook.title));
  const known = await gather(graph, resolve, { ...reading, reading: 'status' });
  return promotables(graph, presentFingerprints(graph, known, {}, engine.run.now()));
}

interface Accepted {
  readonly branchId: string;
  readonly parentId: string;
  readonly title: string;
  /** Of the notebook as it is with what was accepted. */
  readonly cells: readonly Promotable[];
}

/**
 * With an acceptance: tables that the branch has as the notebook now means them become the notebook's, without a run.
 * The others are stale there as after any edit. Answers their names.
 */
export async function promoteTables(
  { branchId, parentId, title, cells }: Accepted,
  { engine, tx }: { readonly engine: ServerEngine; readonly tx: Queryable },
): Promise<readonly string[]> {
  const [owner, madeBy] = [ownerOf(parentId, title), ownerOf(branchId, title)];
  return (await promote({ space: branchId, madeBy, owner, cells }, { tx, lake: engine.run.lake })).promoted;
}

import type { Queryable } from '@datacraft/engine';
import { gather, presentFingerprints, promotables, promote } from '@datacraft/engine';
import type { Notebook } from '@datacraft/shared';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';

interface Accepted {
  readonly branchId: string;
  readonly parentId: string;
  /** As it is with what was accepted. */
  readonly notebook: Notebook;
}

/**
 * With an acceptance: tables that the branch has as the notebook now means them become the notebook's, without a run.
 * The others are stale there as after any edit. Answers their names.
 */
export async function promoteTables(
  { branchId, parentId, notebook }: Accepted,
  { engine, tx }: { readonly engine: ServerEngine; readonly tx: Queryable },
): Promise<readonly string[]> {
  const owner = ownerOf(parentId, notebook.title);
  const madeBy = ownerOf(branchId, notebook.title);
  const { graph } = await engine.compile(notebook);
  const reading = await engine.readingIn(parentId);
  const known = await gather(graph, engine.resolveFor(owner), { ...reading, reading: 'status' });
  const fingerprints = presentFingerprints(graph, known, {}, engine.run.now());
  const cells = promotables(graph, fingerprints);
  return (await promote({ space: branchId, madeBy, owner, cells }, { tx, lake: engine.run.lake })).promoted;
}

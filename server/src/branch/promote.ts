import { gather, presentFingerprints, promotables, promote } from '@datacraft/engine';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import type { Bus } from '../live/bus.ts';
import type { Rooms } from '../room/rooms.ts';

interface PromoteDeps {
  readonly engine: ServerEngine;
  readonly rooms: Rooms;
  readonly bus: Bus;
}

/**
 * After an acceptance: tables that the branch has as the notebook now means them become the notebook's, without a run.
 * The others are stale there as after any edit. Answers their names.
 */
export async function promoteTables(
  { branchId, parentId }: { readonly branchId: string; readonly parentId: string },
  { engine, rooms, bus }: PromoteDeps,
): Promise<string[]> {
  const notebook = await rooms.notebook(parentId);
  const owner = ownerOf(parentId, notebook.title);
  const { graph } = await engine.compile(notebook);
  const reading = await engine.readingIn(parentId);
  const known = await gather(graph, engine.resolveFor(owner), { ...reading, reading: 'status' });
  const fingerprints = presentFingerprints(graph, known, {}, engine.run.now());
  const cells = promotables(graph, fingerprints);
  const moved = await promote({ branchId, owner, cells }, engine.run);
  if (moved.length > 0) await bus.publish('tables', { notebookId: parentId, tables: moved });
  return moved;
}

import { isDeepStrictEqual } from 'node:util';
import type { Promotable, Queryable } from '@datacraft/engine';
import { gather, presentFingerprints, promotables, promotablesBut, promote } from '@datacraft/engine';
import type { Cell, Notebook } from '@datacraft/shared';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';

/** A notebook as it may be soon, and what its tables would be made of. */
export interface Ahead {
  readonly notebook: Notebook;
  /** In the order in which a run makes them. */
  readonly cells: readonly Promotable[];
  /** The same when these cells, by name, have other texts. */
  but(changed: readonly string[]): readonly Promotable[];
}

export async function aheadOf(parentId: string, notebook: Notebook, engine: ServerEngine): Promise<Ahead> {
  const { graph } = await engine.compile(notebook);
  const reading = await engine.readingIn(parentId);
  const resolve = engine.resolveFor(ownerOf(parentId, notebook.title));
  const known = await gather(graph, resolve, { ...reading, reading: 'status' });
  const cells = promotables(graph, presentFingerprints(graph, known, {}, engine.run.now()));
  return { notebook, cells, but: (changed) => promotablesBut(graph, cells, changed) };
}

/** What was looked ahead at, for the notebook as it is now; null when more than texts of cells is another by now. */
export function promotablesNow(ahead: Ahead, notebook: Notebook): readonly Promotable[] | null {
  const withoutTexts = ({ cells, ...rest }: Notebook) => ({ ...rest, cells: cells.map(withoutText) });
  if (!isDeepStrictEqual(withoutTexts(ahead.notebook), withoutTexts(notebook))) return null;
  const changed = notebook.cells.filter((cell, at) => cell.source !== ahead.notebook.cells[at]?.source);
  return changed.length === 0 ? ahead.cells : ahead.but(changed.map(({ name }) => name));
}

function withoutText(cell: Cell): Cell {
  return { ...cell, source: '' };
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

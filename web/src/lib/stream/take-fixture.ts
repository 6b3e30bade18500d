import type { CellId, Fixture, Json, JsonObject } from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import { nameOfFile } from '#lib/notebook/names.ts';
import * as operations from '#lib/notebook/operations.ts';
import { followersOf } from '#lib/notebook/rename-cell.ts';
import type { NotebookSession } from '#lib/notebook/session.svelte.ts';

/** Rows that were taken, on their way into a notebook. */
export interface TakenFixture extends Fixture {
  readonly name: string;
  /** Where its rows come from and of when they are. */
  readonly description: string;
}

/** Kept in memory while the notebook opens that they were taken for. */
const waiting = new Map<string, TakenFixture>();

export function handFixture(notebookId: string, taken: TakenFixture): void {
  waiting.set(notebookId, taken);
}

export function takeHandedFixture(notebookId: string): TakenFixture | null {
  const taken = waiting.get(notebookId) ?? null;
  waiting.delete(notebookId);
  return taken;
}

/** Cells that read this one and could be tried on a fixture of it. */
export function readersOf(session: NotebookSession, cell: CellModel): readonly CellModel[] {
  const followers = followersOf(session, cell, `${cell.name}_fixture`).map((each) => each.cell);
  return followers.filter(({ kind }) => kind === 'sql' || kind === 'transform');
}

/** A source cell of the rows, selected; copies of `readers` below it read them and publish nothing. */
export function addFixture(
  session: NotebookSession,
  { name, path, description }: TakenFixture,
  of: CellModel | null,
  readers: readonly CellModel[] = [],
): void {
  const { document } = session;
  const config: JsonObject = { type: 'parquet', path, description };
  const id = operations.add(document, 'source', { after: of?.id ?? null }, { name: nameOfFile(name), config });
  const fixture = document.find(id)?.name ?? name;
  let after: CellId = id;
  for (const copy of of === null ? [] : followersOf(session, of, fixture)) {
    if (!readers.some((each) => each.id === copy.cell.id)) continue;
    const given = { name: `${copy.cell.name}_fixture`, config: triedConfig(copy.cell, copy.config), source: copy.text };
    after = operations.add(document, copy.cell.kind, { after }, given);
  }
  session.selection.select(id);
}

/** Whatever says how it is kept, refreshed or sent on belongs to the cell in earnest. */
function triedConfig({ kind, config }: CellModel, changed: Readonly<Record<string, Json>>): JsonObject {
  const steps = kind === 'transform' ? { from: config['from'] ?? '', steps: config['steps'] ?? [], ...changed } : {};
  return { materialize: 'ephemeral', ...steps };
}

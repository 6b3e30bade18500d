import type { Database } from '@datacraft/engine';
import { diffTable, loadRelations } from '@datacraft/engine';
import type { BranchRows, CellId } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { ServerEngine } from '../engine.ts';
import type { Rooms } from '../room/rooms.ts';

interface RowsDeps {
  readonly engine: ServerEngine;
  readonly rooms: Rooms;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const SHOWN = 50;

/** What a cell's rows are on main and in the branch, as each was last published. */
export async function branchRows(
  asked: { readonly branchId: string; readonly parentId: string; readonly cellId: CellId },
  deps: RowsDeps,
): Promise<BranchRows> {
  const { engine, rooms } = deps;
  const { branchId, parentId, cellId } = asked;
  const { graph } = await engine.compile(await rooms.notebook(branchId));
  const cell = [...graph.cells.values()].find((each) => each.id === cellId);
  if (!cell) throw new Fault('not-found', say('there is no cell {cell} in this branch', { cell: cellId }));
  const ref = cell.relation;
  const reading = await engine.readingIn(branchId);
  const own = ref ? await published(reading.db, ref, branchId) : null;
  const other = ref ? await published(engine.run.db, ref, parentId) : null;
  const key = keyOf(cell.spec);
  if (ref === null || !own?.snapshotId || !other?.snapshotId)
    return { relation: ref, key, state: 'not-run', diff: null };
  if (own.snapshotId === other.snapshotId) return { relation: ref, key, state: 'same', diff: null };
  const common = key.every((name) => [own, other].every((one) => one.columns.some((column) => column.name === name)));
  const { signal, timeoutMs } = deps;
  const request = { ref, fromDb: engine.run.db, key: common ? key : [], limit: SHOWN, signal, timeoutMs };
  const diff = await diffTable(request, reading);
  const alike = diff.added + diff.removed + diff.changed + diff.columnsAdded.length + diff.columnsRemoved.length === 0;
  return { relation: ref, key: request.key, state: alike ? 'same' : 'differs', diff };
}

async function published(db: Database, ref: Parameters<typeof relationName>[0], notebookId: string) {
  const found = (await loadRelations(db, [ref])).get(relationName(ref)) ?? null;
  return found?.notebookId === notebookId ? found : null;
}

function keyOf(spec: object): string[] {
  const key: unknown = 'unique_key' in spec ? spec.unique_key : undefined;
  if (typeof key === 'string') return [key];
  return Array.isArray(key) ? key.filter((each): each is string => typeof each === 'string') : [];
}

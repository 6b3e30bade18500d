import type { CellId } from '../id.ts';
import type { Json } from '../json.ts';
import type { Cell, CellKind } from './cell.ts';
import type { Notebook } from './notebook.ts';

export type CellPart = 'kind' | 'name' | 'source' | 'config';

export interface CellChange {
  readonly change: 'added' | 'removed' | 'changed' | 'moved';
  /** The cell's id and name after; before, for a removed one. */
  readonly cellId: CellId;
  readonly name: string;
  readonly kind: CellKind;
  /** What differs; empty for added, removed and moved. */
  readonly parts: readonly CellPart[];
  /** Config keys that differ, by name. */
  readonly configKeys: readonly string[];
  /** A changed cell may have moved too. */
  readonly moved: boolean;
}

export interface NotebookDiff {
  /** Page order of the notebook after, removed cells last. */
  readonly cells: readonly CellChange[];
  readonly titleChanged: boolean;
  readonly metaKeys: readonly string[];
}

/** What changed between two notebooks. Cells are the same by id, or by kind and name where no id agrees. */
export function diffNotebooks(before: Notebook, after: Notebook): NotebookDiff {
  const pairs = pairCells(before.cells, after.cells);
  const moved = movedCells(before.cells, after.cells, pairs);
  const kept = new Set([...pairs.values()].map((cell) => cell.id));
  const present = after.cells.flatMap((cell) => changeOf(pairs.get(cell.id), cell, moved.has(cell.id)) ?? []);
  const removed = before.cells.filter((cell) => !kept.has(cell.id)).map((cell) => whole('removed', cell));
  return {
    cells: [...present, ...removed],
    titleChanged: before.title !== after.title,
    metaKeys: changedKeys(before.meta, after.meta),
  };
}

/** Cell before by the id of the cell after. */
function pairCells(before: readonly Cell[], after: readonly Cell[]): Map<CellId, Cell> {
  const byId = new Map(before.map((cell) => [cell.id, cell]));
  const pairs = new Map<CellId, Cell>();
  for (const cell of after) {
    const same = byId.get(cell.id);
    if (same) pairs.set(cell.id, same);
  }
  const paired = new Set(pairs.keys());
  const key = (cell: Cell): string => `${cell.kind} ${cell.name}`;
  const byName = new Map(
    before.filter((cell) => !paired.has(cell.id) && cell.name !== '').map((cell) => [key(cell), cell]),
  );
  for (const cell of after) {
    const same = pairs.has(cell.id) ? undefined : byName.get(key(cell));
    if (same && byName.delete(key(cell))) pairs.set(cell.id, same);
  }
  return pairs;
}

function changeOf(before: Cell | undefined, after: Cell, moved: boolean): CellChange | null {
  if (before === undefined) return whole('added', after);
  const configKeys = changedKeys(before.config, after.config);
  const parts: CellPart[] = (['kind', 'name', 'source'] as const).filter((part) => before[part] !== after[part]);
  if (configKeys.length > 0) parts.push('config');
  if (parts.length === 0 && !moved) return null;
  const change = parts.length > 0 ? 'changed' : 'moved';
  return { ...whole(change, after), parts, configKeys, moved };
}

function whole(change: CellChange['change'], { id, name, kind }: Cell): CellChange {
  return { change, cellId: id, name, kind, parts: [], configKeys: [], moved: change === 'moved' };
}

/** The fewest cells that must have moved: all outside a longest run that kept its order. */
function movedCells(before: readonly Cell[], after: readonly Cell[], pairs: ReadonlyMap<CellId, Cell>): Set<CellId> {
  const indexBefore = new Map(before.map((cell, index) => [cell.id, index]));
  const common = after.flatMap((cell) => {
    const same = pairs.get(cell.id);
    return same ? [{ id: cell.id, at: indexBefore.get(same.id) ?? 0 }] : [];
  });
  const stayed = longestIncreasing(common.map(({ at }) => at));
  return new Set(common.filter((_, index) => !stayed.has(index)).map(({ id }) => id));
}

/** Indexes of one longest increasing subsequence. */
function longestIncreasing(values: readonly number[]): Set<number> {
  const tails: number[] = [];
  const previous: number[] = [];
  values.forEach((value, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  });
  const chain = new Set<number>();
  for (let at = tails.at(-1) ?? -1; at !== -1; at = previous[at] ?? -1) chain.add(at);
  return chain;
}

function changedKeys(before: Record<string, Json>, after: Record<string, Json>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !equalJson(before[key], after[key])).sort();
}

/** Equal as JSON values: the order of keys says nothing. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [aEntries, bMap] = [Object.entries(a), new Map<string, Json>(Object.entries(b))];
  return (
    aEntries.length === bMap.size && aEntries.every(([key, value]) => bMap.has(key) && equalJson(value, bMap.get(key)))
  );
}

/**
 * A branch brought back into the notebook it was forked from, cell by cell.
 *
 * G1  What one side alone changed is that side's; what both changed alike is so; texts merge line by line.
 * G2  What both changed otherwise is a conflict: nobody's edit is dropped without being shown.
 * G3  A cell that the branch did not touch is never touched by a merge.
 */
import type { CellId } from '../id.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Cell, CellKind } from './cell.ts';
import { equalJson } from './diff.ts';
import { mergeLines } from './merge-lines.ts';
import type { Notebook } from './notebook.ts';

/** What the branch did to one cell. `both`: main changed it as well, and the two go together. */
export interface CellMerge {
  readonly cellId: CellId;
  readonly name: string;
  readonly kind: CellKind;
  readonly change: 'added' | 'removed' | 'changed';
  readonly state: 'clean' | 'both' | 'conflict';
  /** What main would hold; null: the cell goes. Of a conflict, what the branch has. */
  readonly result: Cell | null;
}

/** Cells that the branch changed and main does not have so yet, in the branch's order, removed ones last. */
export function mergeNotebooks(ancestor: Notebook, branch: Notebook, main: Notebook): CellMerge[] {
  const [base, ours, theirs] = [byId(ancestor), byId(branch), byId(main)];
  const ids = [...branch.cells, ...ancestor.cells.filter((cell) => !ours.has(cell.id))].map((cell) => cell.id);
  return ids.flatMap((id) => mergeCell(base.get(id) ?? null, ours.get(id) ?? null, theirs.get(id) ?? null) ?? []);
}

/** Main with what was chosen of a merge; other cells as they are. */
export function acceptMerges(main: Notebook, chosen: readonly CellMerge[]): Notebook {
  const results = new Map(chosen.map((each) => [each.cellId, each.result]));
  const kept = main.cells.flatMap((cell) => (results.has(cell.id) ? (results.get(cell.id) ?? []) : cell));
  const known = new Set(main.cells.map((cell) => cell.id));
  const added = chosen.flatMap(({ cellId, result }) => (result === null || known.has(cellId) ? [] : result));
  return { ...main, cells: [...kept, ...added] };
}

function byId({ cells }: Notebook): Map<CellId, Cell> {
  return new Map(cells.map((cell) => [cell.id, cell]));
}

function mergeCell(base: Cell | null, ours: Cell | null, theirs: Cell | null): CellMerge | null {
  const about = ours ?? base;
  if (about === null || isSameCell(base, ours) || isSameCell(ours, theirs)) return null;
  const { id: cellId, name, kind } = about;
  const change = base === null ? 'added' : ours === null ? 'removed' : 'changed';
  const whole = { cellId, name, kind, change } as const;
  if (isSameCell(base, theirs)) return { ...whole, state: 'clean', result: ours };
  const both = base && ours && theirs ? mergeParts(base, ours, theirs) : null;
  return both ? { ...whole, state: 'both', result: both } : { ...whole, state: 'conflict', result: ours };
}

function mergeParts(base: Cell, ours: Cell, theirs: Cell): Cell | null {
  const source = mergeLines(base.source, ours.source, theirs.source);
  const config = mergeConfig(base.config, ours.config, theirs.config);
  const kind = either(base.kind, ours.kind, theirs.kind);
  const name = either(base.name, ours.name, theirs.name);
  if (source === null || config === null || kind === null || name === null) return null;
  // Two moves of one cell are no quarrel worth a question: main's place stays.
  const order = either(base.order, ours.order, theirs.order) ?? theirs.order;
  return { id: ours.id, kind, name, order, source, config };
}

function either<Part extends string>(base: Part, ours: Part, theirs: Part): Part | null {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : null;
}

function mergeConfig(base: JsonObject, ours: JsonObject, theirs: JsonObject): JsonObject | null {
  const merged: Record<string, Json> = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours), ...Object.keys(base)])) {
    const [was, mine, other] = [base[key], ours[key], theirs[key]];
    if (!equalJson(mine, other) && !equalJson(was, mine) && !equalJson(was, other)) return null;
    const value = equalJson(was, mine) ? other : mine;
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

function isSameCell(a: Cell | null, b: Cell | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    (['kind', 'name', 'order', 'source'] as const).every((part) => a[part] === b[part]) && equalJson(a.config, b.config)
  );
}

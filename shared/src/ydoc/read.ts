import type * as Y from 'yjs';
import type { Cell } from '../document/cell.ts';
import { byOrder, type Notebook } from '../document/notebook.ts';
import type { CellId } from '../id.ts';
import type { Json, JsonObject } from '../json.ts';
import { cellFields, cellsMap, isJson, notebookMap } from './shape.ts';

/** The notebook as a value: live cells in page order. Malformed parts are left out; `checkShape` names them. */
export function readNotebook(doc: Y.Doc): Notebook {
  const { title, ...meta } = jsonEntries(notebookMap(doc));
  return {
    title: typeof title === 'string' ? title : '',
    meta,
    cells: readCells(doc).filter((cell) => cell.deletedAt === undefined),
  };
}

/** The cells in the bin, latest first. */
export function readBin(doc: Y.Doc): Cell[] {
  const binned = readCells(doc).filter((cell) => cell.deletedAt !== undefined);
  return binned.sort((a, b) => compare(b.deletedAt ?? '', a.deletedAt ?? '') || compare(a.id, b.id));
}

/** Null when there is no such cell or it is malformed. */
export function readCell(doc: Y.Doc, id: CellId): Cell | null {
  return cellOf(id, cellsMap(doc).get(id));
}

/** All cells, those in the bin too, in page order. */
function readCells(doc: Y.Doc): Cell[] {
  const cells: Cell[] = [];
  for (const [id, value] of cellsMap(doc).entries()) {
    const cell = cellOf(id as CellId, value);
    if (cell) cells.push(cell);
  }
  return cells.sort(byOrder);
}

function cellOf(id: CellId, value: unknown): Cell | null {
  const fields = cellFields(value);
  if (typeof fields === 'string') return null;
  const { kind, name, order, source, config, deletedAt } = fields;
  const cell = { id, kind, name, order, source: source?.toString() ?? '', config: config ? jsonEntries(config) : {} };
  return deletedAt === null ? cell : { ...cell, deletedAt };
}

function jsonEntries(map: Y.Map<unknown>): JsonObject {
  const entries: [string, Json][] = [];
  for (const [key, value] of map.entries()) if (isJson(value)) entries.push([key, value]);
  return Object.fromEntries(entries.sort(([a], [b]) => compare(a, b)));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

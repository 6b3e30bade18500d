/**
 * Undo of one person's steps in a document that others edit too.
 *
 * U1  An undo takes back what this person did, in order, and nothing that another one wrote, moved or set since.
 * U2  A cell is never unmade: undoing its creation puts it into the bin, with whatever others wrote in it meanwhile.
 * U3  A value that this person replaced is there again after the undo, also when another one set it at the same time
 *     and lost: Yjs alone takes such an undo for a conflict, and would leave the key without any value.
 */
import * as Y from 'yjs';
import { type CellId, newId } from '../id.ts';
import { addCell, type CellPlace, type NewCell, restoreCell } from './operation.ts';
import { readCell } from './read.ts';
import { cellMap, cellsMap, notebookMap } from './shape.ts';

/** Who does it and when, for what goes to the bin. */
export interface Deed {
  readonly by: string;
  /** ISO 8601 */
  readonly at: string;
}

/** Not a step of anybody's undo. */
const beforehand = { origin: 'beforehand' } as const;
/** What is typed without a longer pause is one step. */
const STEP_MS = 600;

/** `byHand` is the origin of commands: each is a step of its own and joins no typing before or after it. */
export function createUndo(doc: Y.Doc, byHand: unknown): Y.UndoManager {
  const replaced = new Map<string, unknown>();
  const undo = new Y.UndoManager([cellsMap(doc), notebookMap(doc)], {
    trackedOrigins: new Set([byHand]),
    captureTimeout: STEP_MS,
    deleteFilter: (item) => {
      putBack(item, replaced);
      return true;
    },
  });
  doc.on('beforeTransaction', (transaction: Y.Transaction) => {
    if (transaction.origin === byHand) undo.stopCapturing();
  });
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    if (undo.trackedOrigins.has(transaction.origin)) noteReplaced(transaction, replaced);
    if (transaction.origin === byHand) undo.stopCapturing();
  });
  return undo;
}

const idOf = ({ id }: Y.Item): string => `${id.client}-${id.clock}`;

/** Keeps what the values set by a transaction stand in place of, by the id of the item that holds the new one. */
function noteReplaced(transaction: Y.Transaction, replaced: Map<string, unknown>): void {
  for (const [type, events] of transaction.changedParentTypes as Map<unknown, Y.YEvent<Y.AbstractType<unknown>>[]>) {
    if (!(type instanceof Y.Map)) continue;
    for (const event of events) {
      if (event.target !== type) continue;
      for (const [key, { action, oldValue }] of event.changes.keys) {
        const item = type._map.get(key);
        if (item && action === 'update' && !(oldValue instanceof Y.AbstractType)) replaced.set(idOf(item), oldValue);
      }
    }
  }
}

/** Before the last value of a key is taken away: what it stood in place of comes back, in the same transaction (U3). */
function putBack(item: Y.Item, replaced: ReadonlyMap<string, unknown>): void {
  const { parent: map, parentSub: key } = item;
  const before = replaced.get(idOf(item));
  if (before === undefined || key === null || !(map instanceof Y.Map)) return;
  if (map._map.get(key) === item) map.set(key, before);
}

/** Makes a cell in the bin and takes it out: the second alone is the step, so that its undo is the way back in (U2). */
export function addCellAsStep(doc: Y.Doc, cell: NewCell, place: CellPlace, deed: Deed, origin: unknown): CellId {
  const id = cell.id ?? newId<CellId>('cell');
  doc.transact(() => {
    addCell(doc, { ...cell, id }, place, beforehand);
    cellMap(doc, id)?.set('deletedAt', deed.at);
    cellMap(doc, id)?.set('deletedBy', deed.by);
  }, beforehand);
  restoreCell(doc, id, origin);
  return id;
}

/** A cell of the bin that holds nothing anybody could miss: a creation that was undone. */
export function isBlank(doc: Y.Doc, id: CellId): boolean {
  const cell = readCell(doc, id);
  return cell !== null && cell.source.trim() === '' && Object.keys(cell.config).length === 0;
}

/** Ids of the cells that a transaction changed or added, given the shared types it touched with their events. */
export function cellsChangedBy(
  doc: Y.Doc,
  changed: ReadonlyMap<unknown, readonly Y.YEvent<Y.AbstractType<unknown>>[]>,
): CellId[] {
  const cells = cellsMap(doc);
  const ids = new Set<unknown>();
  for (const event of changed.get(cells) ?? []) {
    if (event.target === cells && event instanceof Y.YMapEvent) for (const key of event.keysChanged) ids.add(key);
    else ids.add(cellAbove(cells, event.target));
  }
  return ([...cells.keys()] as CellId[]).filter((id) => ids.has(id));
}

/** The id of the cell that a shared type is a part of. */
function cellAbove(cells: Y.Map<unknown>, type: Y.AbstractType<unknown>): string | null {
  for (let at: unknown = type; at instanceof Y.AbstractType && at._item !== null; at = at._item.parent)
    if (at._item.parent === cells) return at._item.parentSub;
  return null;
}

/**
 * What people do to a notebook, each one transaction with an origin. They answer false when the cell is not there
 * any more, which is no error while others edit too.
 */
import * as Y from 'yjs';
import type { Cell, CellKind } from '../document/cell.ts';
import { type CellId, newId } from '../id.ts';
import type { Json, JsonObject } from '../json.ts';
import { freshOrders, orderBetween } from './order.ts';
import { readCell, readNotebook } from './read.ts';
import { cellMap, cellsMap, notebookMap, sourceText } from './shape.ts';

/** Where on the page. A neighbour that is gone means the end. */
export type CellPlace = { readonly after: CellId } | { readonly before: CellId } | 'start' | 'end';

export interface NewCell {
  readonly id?: CellId;
  readonly kind: CellKind;
  readonly name: string;
  readonly source?: string;
  readonly config?: JsonObject;
}

export function addCell(doc: Y.Doc, cell: NewCell, place: CellPlace = 'end', origin: unknown = null): CellId {
  const id = cell.id ?? newId<CellId>('cell');
  doc.transact(() => {
    const order = makeRoom(doc, place, id);
    cellsMap(doc).set(id, cellToYMap({ source: '', config: {}, ...cell, order }));
  }, origin);
  return id;
}

/** Writes the one key `name`; texts that use the old name are the caller's to rewrite. */
export function renameCell(doc: Y.Doc, id: CellId, name: string, origin: unknown = null): boolean {
  return edit(doc, id, origin, (cell) => cell.set('name', name));
}

/** Writes the one key `order` of this cell, unless its new neighbours leave no room between them. */
export function moveCell(doc: Y.Doc, id: CellId, place: CellPlace, origin: unknown = null): boolean {
  return edit(doc, id, origin, (cell) => cell.set('order', makeRoom(doc, place, id)));
}

/** A copy of the cell to be added, named `<name>_copy`, `<name>_copy_2`, … Null when the cell is not there. */
export function copyOfCell(doc: Y.Doc, id: CellId): NewCell | null {
  const cell = readCell(doc, id);
  if (cell === null) return null;
  const { kind, source, config } = cell;
  return { kind, name: copyName(doc, cell), source, config };
}

/** Puts the cell in the bin. `at` is ISO 8601; `by` the id of whoever does it. */
export function deleteCell(doc: Y.Doc, id: CellId, at: string, origin: unknown = null, by?: string): boolean {
  return edit(doc, id, origin, (cell) => {
    cell.set('deletedAt', at);
    if (by !== undefined) cell.set('deletedBy', by);
    else cell.delete('deletedBy');
  });
}

/** Takes the cell out of the bin, to the place it had. */
export function restoreCell(doc: Y.Doc, id: CellId, origin: unknown = null): boolean {
  return edit(doc, id, origin, (cell) => {
    cell.delete('deletedAt');
    cell.delete('deletedBy');
  });
}

/** Removes a cell for good; only from the bin. */
export function purgeCell(doc: Y.Doc, id: CellId, origin: unknown = null): boolean {
  if (!cellMap(doc, id)?.has('deletedAt')) return false;
  return edit(doc, id, origin, () => cellsMap(doc).delete(id));
}

/** `undefined` removes the key. */
export function setConfigKey(
  doc: Y.Doc,
  id: CellId,
  key: string,
  value: Json | undefined,
  origin: unknown = null,
): boolean {
  return edit(doc, id, origin, (cell) => {
    const config = cell.get('config');
    if (config instanceof Y.Map) setOrDelete(config, key, value);
    else if (value !== undefined) cell.set('config', new Y.Map([[key, value]]));
  });
}

/** Replaces the text between what stays the same at both ends, so that others' carets keep their place. */
export function setSource(doc: Y.Doc, id: CellId, text: string, origin: unknown = null): boolean {
  return edit(doc, id, origin, (cell) => {
    const source = sourceText(doc, id);
    if (source) replaceText(source, text);
    else cell.set('source', new Y.Text(text));
  });
}

export function setTitle(doc: Y.Doc, title: string, origin: unknown = null): void {
  doc.transact(() => notebookMap(doc).set('title', title), origin);
}

/** A key of the front matter other than the title; `undefined` removes it. */
export function setMeta(doc: Y.Doc, key: string, value: Json | undefined, origin: unknown = null): void {
  doc.transact(() => setOrDelete(notebookMap(doc), key, value), origin);
}

/** A detached map in the document's shape. */
export function cellToYMap(cell: Omit<Cell, 'id'>): Y.Map<unknown> {
  const map = new Y.Map<unknown>();
  map.set('kind', cell.kind);
  map.set('name', cell.name);
  map.set('order', cell.order);
  map.set('source', new Y.Text(cell.source));
  map.set('config', new Y.Map(Object.entries(cell.config)));
  return map;
}

function edit(doc: Y.Doc, id: CellId, origin: unknown, change: (cell: Y.Map<unknown>) => void): boolean {
  const cell = cellMap(doc, id);
  if (cell === null) return false;
  doc.transact(() => change(cell), origin);
  return true;
}

function setOrDelete(map: Y.Map<unknown>, key: string, value: Json | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** The key of a place. Where equal or malformed keys leave no room, the page gets fresh keys first. */
function makeRoom(doc: Y.Doc, place: CellPlace, moving: CellId): string {
  const others = readNotebook(doc).cells.filter((cell) => cell.id !== moving);
  const index = indexOf(others, place);
  const between = orderBetween(others[index - 1]?.order ?? null, others[index]?.order ?? null);
  if (between !== null) return between;
  const orders = freshOrders(others.length + 1);
  const [own = ''] = orders.splice(index, 1);
  others.forEach((cell, at) => cellMap(doc, cell.id)?.set('order', orders[at]));
  return own;
}

function indexOf(cells: readonly Cell[], place: CellPlace): number {
  if (place === 'start') return 0;
  if (place === 'end') return cells.length;
  const neighbour = 'after' in place ? place.after : place.before;
  const index = cells.findIndex((cell) => cell.id === neighbour);
  if (index === -1) return cells.length;
  return 'after' in place ? index + 1 : index;
}

function copyName(doc: Y.Doc, cell: Cell): string {
  if (cell.name === '') return '';
  const taken = new Set(readNotebook(doc).cells.map(({ name }) => name));
  const base = `${cell.name.replace(/_copy(_\d+)?$/, '')}_copy`;
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`;
  return name;
}

function replaceText(target: Y.Text, text: string): void {
  const old = target.toString();
  let start = 0;
  while (start < old.length && start < text.length && old[start] === text[start]) start += 1;
  let oldEnd = old.length;
  let end = text.length;
  while (oldEnd > start && end > start && old[oldEnd - 1] === text[end - 1]) {
    oldEnd -= 1;
    end -= 1;
  }
  // A surrogate pair is one character: never cut one in half.
  if (start > 0 && isHighSurrogate(old, start - 1)) start -= 1;
  if (isHighSurrogate(old, oldEnd - 1) || isHighSurrogate(text, end - 1)) {
    oldEnd += oldEnd < old.length ? 1 : 0;
    end += end < text.length ? 1 : 0;
  }
  if (oldEnd > start) target.delete(start, oldEnd - start);
  if (end > start) target.insert(start, text.slice(start, end));
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff;
}

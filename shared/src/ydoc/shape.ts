/**
 * The live document: a notebook as a Y.Doc that several people edit at once.
 *
 *   getMap('notebook')  title and the front matter's other keys, JSON values
 *   getMap('cells')     cell id -> Y.Map { kind, name, order, source: Y.Text, config: Y.Map of JSON, deletedAt?, deletedBy? }
 *
 * D1  Reading never throws, whatever a client wrote: what is malformed is left out and `checkShape` names it.
 * D2  A cell is one entry of a map, so no merge of edits can lose or duplicate it; a move writes its `order` alone.
 * D3  Only an empty document is filled from a notebook; a document is never seeded twice.
 * D4  Every operation is one transaction and carries its origin.
 *
 * Results, run states and queues are never in the document.
 */
import * as Y from 'yjs';
import { type CellKind, isCellKind } from '../document/cell.ts';
import type { CellId } from '../id.ts';
import type { Json } from '../json.ts';

export type YCell = Y.Map<unknown>;

export function notebookMap(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('notebook');
}

export function cellsMap(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('cells');
}

export function cellMap(doc: Y.Doc, id: CellId): YCell | null {
  const cell = cellsMap(doc).get(id);
  return cell instanceof Y.Map ? (cell as YCell) : null;
}

/** The shared text of a cell, for an editor to bind to. */
export function sourceText(doc: Y.Doc, id: CellId): Y.Text | null {
  const source = cellMap(doc, id)?.get('source');
  return source instanceof Y.Text ? source : null;
}

/** A cell's own fields when they are as they must be; else what is wrong with them. */
export interface CellFields {
  readonly kind: CellKind;
  readonly name: string;
  readonly order: string;
  readonly source: Y.Text | null;
  readonly config: Y.Map<unknown> | null;
  readonly deletedAt: string | null;
}

export function cellFields(value: unknown): CellFields | string {
  if (!(value instanceof Y.Map)) return 'expected a map';
  const fields = value as YCell;
  const [kind, name, order] = [fields.get('kind'), fields.get('name') ?? '', fields.get('order')];
  const [source, config, deletedAt] = [fields.get('source'), fields.get('config'), fields.get('deletedAt')];
  if (typeof kind !== 'string' || !isCellKind(kind)) return 'kind: expected the name of a kind';
  if (typeof name !== 'string') return 'name: expected text';
  if (typeof order !== 'string') return 'order: expected text';
  if (source !== undefined && !(source instanceof Y.Text)) return 'source: expected a shared text';
  if (config !== undefined && !(config instanceof Y.Map)) return 'config: expected a shared map';
  if (deletedAt !== undefined && deletedAt !== null && typeof deletedAt !== 'string') return 'deletedAt: expected text';
  if (!['undefined', 'string'].includes(typeof fields.get('deletedBy'))) return 'deletedBy: expected text';
  return { kind, name, order, source: source ?? null, config: config ?? null, deletedAt: deletedAt ?? null };
}

const MAX_DEPTH = 64;

/** Whether JSON keeps the value: no shared types, bytes, big integers, `undefined` or infinities. */
export function isJson(value: unknown, depth = 0): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((item) => isJson(item, depth + 1));
}

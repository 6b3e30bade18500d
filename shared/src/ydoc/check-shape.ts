import type * as Y from 'yjs';
import { cellFields, cellsMap, isJson, notebookMap } from './shape.ts';

/** Something in a document that is not as the shape says; reading leaves it out. */
export interface ShapeProblem {
  /** Root name and keys: `['cells', 'cell_x', 'order']`. */
  readonly path: readonly string[];
  readonly message: string;
}

const roots = new Set(['notebook', 'cells']);

/** Names all that an update may have broken, for gating writes and for repair. Empty when the document is sound. */
export function checkShape(doc: Y.Doc): ShapeProblem[] {
  return [
    ...checkRoots(doc),
    ...checkHead(doc),
    ...[...cellsMap(doc).entries()].flatMap(([id, cell]) => checkCell(id, cell)),
  ];
}

function checkRoots(doc: Y.Doc): ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  for (const name of doc.share.keys()) {
    if (!roots.has(name)) problems.push({ path: [name], message: 'expected no shared type of this name' });
  }
  for (const [name, map] of Object.entries({ notebook: notebookMap(doc), cells: cellsMap(doc) })) {
    // A client that uses the name as a list or text puts its items here, where a map has none.
    if (hasListItems(map)) problems.push({ path: [name], message: 'expected a map, got items of a list or text' });
  }
  return problems;
}

function hasListItems(map: Y.Map<unknown>): boolean {
  for (let item = map._start; item !== null; item = item.right) if (!item.deleted) return true;
  return false;
}

function checkHead(doc: Y.Doc): ShapeProblem[] {
  const head = notebookMap(doc);
  const problems = checkJson(head, ['notebook']);
  const title = head.get('title');
  if (title === undefined || typeof title === 'string') return problems;
  return [...problems, { path: ['notebook', 'title'], message: 'expected text' }];
}

const cellKeys = new Set(['kind', 'name', 'order', 'source', 'config', 'deletedAt', 'deletedBy']);

function checkCell(id: string, value: unknown): ShapeProblem[] {
  const path = ['cells', id];
  const fields = cellFields(value);
  if (typeof fields === 'string') return [{ path, message: fields }];
  const strays = [...(value as Y.Map<unknown>).keys()].filter((key) => !cellKeys.has(key));
  return [
    ...strays.map((key) => ({ path: [...path, key], message: 'expected no such key in a cell' })),
    ...(fields.config ? checkJson(fields.config, [...path, 'config']) : []),
    ...(fields.source && hasEmbeds(fields.source)
      ? [{ path: [...path, 'source'], message: 'expected plain text' }]
      : []),
  ];
}

function checkJson(map: Y.Map<unknown>, path: readonly string[]): ShapeProblem[] {
  const broken = [...map.entries()].filter(([, value]) => !isJson(value));
  return broken.map(([key]) => ({ path: [...path, key], message: 'expected a JSON value' }));
}

function hasEmbeds(text: Y.Text): boolean {
  return text.toDelta().some((part: { insert?: unknown }) => typeof part.insert !== 'string');
}

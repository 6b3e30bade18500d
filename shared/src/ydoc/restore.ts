/**
 * Brings a document back to what a notebook was, as an ordinary edit: what is the same stays untouched, so that carets
 * and comments keep their place and nothing is seeded again (D3).
 */
import * as Y from 'yjs';
import type { Cell } from '../document/cell.ts';
import { equalJson } from '../document/diff.ts';
import type { Notebook } from '../document/notebook.ts';
import { diffLines } from '../document/text-diff.ts';
import type { CellId } from '../id.ts';
import type { Json } from '../json.ts';
import { cellToYMap, setConfigKey } from './operation.ts';
import { readNotebook } from './read.ts';
import { cellMap, cellsMap, notebookMap, sourceText } from './shape.ts';

export interface RestoreChoice {
  /** These cells alone; else all, with the title and the front matter. Cells of later go to the bin. */
  readonly cells: readonly CellId[] | null;
  /** ISO 8601, for what goes to the bin. */
  readonly at: string;
}

export function restoreNotebook(doc: Y.Doc, target: Notebook, choice: RestoreChoice, origin: unknown = null): void {
  doc.transact(() => {
    const chosen = (id: CellId) => choice.cells === null || choice.cells.includes(id);
    const kept = new Set(target.cells.map((cell) => cell.id));
    for (const cell of target.cells) if (chosen(cell.id)) restoreOne(doc, cell);
    for (const cell of readNotebook(doc).cells)
      if (chosen(cell.id) && !kept.has(cell.id)) cellMap(doc, cell.id)?.set('deletedAt', choice.at);
    if (choice.cells === null) restoreHead(doc, target);
  }, origin);
}

function restoreHead(doc: Y.Doc, target: Notebook): void {
  const head = notebookMap(doc);
  const wanted: Record<string, Json> = { ...target.meta, title: target.title };
  for (const key of [...head.keys()]) if (!(key in wanted)) head.delete(key);
  for (const [key, value] of Object.entries(wanted)) setIfOther(head, key, value);
}

function restoreOne(doc: Y.Doc, cell: Cell): void {
  const map = cellMap(doc, cell.id);
  if (map === null) {
    cellsMap(doc).set(cell.id, cellToYMap(cell));
    return;
  }
  for (const key of ['kind', 'name', 'order'] as const) setIfOther(map, key, cell[key]);
  for (const key of ['deletedAt', 'deletedBy']) if (map.has(key)) map.delete(key);
  const source = sourceText(doc, cell.id);
  if (source) replaceLines(source, cell.source);
  else map.set('source', new Y.Text(cell.source));
  const config = map.get('config');
  const present = config instanceof Y.Map ? [...(config as Y.Map<unknown>).keys()] : [];
  for (const key of present) if (!(key in cell.config)) setConfigKey(doc, cell.id, key, undefined);
  for (const [key, value] of Object.entries(cell.config)) {
    const known = config instanceof Y.Map ? (config as Y.Map<Json>).get(key) : undefined;
    if (!equalJson(known, value)) setConfigKey(doc, cell.id, key, value);
  }
}

/** Line by line, so that the lines that stayed keep their characters. */
function replaceLines(source: Y.Text, text: string): void {
  let at = 0;
  for (const { before, after } of diffLines(source.toString(), text)) {
    if (before !== null && before === after) at += before.length;
    else {
      if (before !== null) source.delete(at, before.length);
      if (after !== null) source.insert(at, after);
      at += after?.length ?? 0;
    }
  }
}

function setIfOther(map: Y.Map<unknown>, key: string, value: Json): void {
  if (!equalJson(map.get(key) as Json | undefined, value)) map.set(key, value);
}

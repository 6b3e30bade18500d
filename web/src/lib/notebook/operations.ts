/**
 * Every edit a person makes to a notebook, each one transaction with the origin `byHand`, so that each is one step of
 * their own undo and nobody else's. How the document is written is `@datacraft/shared/ydoc`'s.
 */
import type { CellId, CellKind, Json, JsonObject } from '@datacraft/shared';
import * as ydoc from '@datacraft/shared/ydoc';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import { freeName } from './names.ts';
import type { NotebookDocument } from './notebook-document.svelte.ts';

export const byHand = { origin: 'by hand' } as const;

/** After a cell, or at the top (`null`). */
export type Place = { after: CellId | null };

const starts: Record<CellKind, { name: string; config: JsonObject }> = {
  markdown: { name: '', config: {} },
  source: { name: 'source', config: { type: 'csv', path: '' } },
  sql: { name: 'query', config: {} },
  transform: { name: 'transform', config: { from: '', steps: [] } },
  model: { name: 'model', config: { task: 'classification', from: '' } },
  chart: { name: 'chart', config: { from: '', type: 'bar' } },
  input: { name: 'input', config: { type: 'text' } },
};

export function add(
  document: NotebookDocument,
  kind: CellKind,
  place: Place,
  given: { name?: string; config?: JsonObject; source?: string } = {},
): CellId {
  const base = given.name ?? starts[kind].name;
  const name = base === '' ? '' : freeName(base, namesOf(document));
  const config = given.config ?? suited(kind, document, place) ?? starts[kind].config;
  const cell = { kind, name, config, source: given.source ?? '' };
  return ydoc.addCellAsStep(document.doc, cell, placeOf(place.after), deedOf(document), byHand);
}

/** A new chart draws the cell it was put under, new steps begin with its rows, a new model learns from them. */
function suited(kind: CellKind, document: NotebookDocument, place: Place): JsonObject | null {
  if (kind !== 'chart' && kind !== 'transform' && kind !== 'model') return null;
  const before = document.live.slice(0, document.live.findIndex((cell) => cell.id === place.after) + 1);
  const from = before.findLast((cell) => ['sql', 'source', 'transform'].includes(cell.kind));
  if (kind === 'model') return { task: 'classification', from: from?.name ?? '' };
  if (kind === 'transform') return { from: from?.name ?? '', steps: [] };
  return from ? { from: from.name, type: 'bar' } : null;
}

export function rename(document: NotebookDocument, cell: CellModel, name: string): void {
  ydoc.renameCell(document.doc, cell.id, name, byHand);
}

export function setTitle(document: NotebookDocument, title: string): void {
  ydoc.setTitle(document.doc, title, byHand);
}

/** Moves a cell to stand after another one, or at the top. */
export function moveAfter(document: NotebookDocument, id: CellId, after: CellId | null): void {
  if (after !== id) ydoc.moveCell(document.doc, id, placeOf(after), byHand);
}

export function moveBy(document: NotebookDocument, cell: CellModel, step: 1 | -1): void {
  const neighbour = document.live[document.live.indexOf(cell) + step];
  if (!neighbour) return;
  const place = step === 1 ? { after: neighbour.id } : { before: neighbour.id };
  ydoc.moveCell(document.doc, cell.id, place, byHand);
}

export function duplicate(document: NotebookDocument, cell: CellModel): CellId | null {
  const copy = ydoc.copyOfCell(document.doc, cell.id);
  return copy && ydoc.addCellAsStep(document.doc, copy, { after: cell.id }, deedOf(document), byHand);
}

export function remove(document: NotebookDocument, cell: CellModel): void {
  const { at, by } = deedOf(document);
  ydoc.deleteCell(document.doc, cell.id, at, byHand, by);
}

/** A name taken meanwhile gives way: the restored cell gets the next free one. */
export function restore(document: NotebookDocument, cell: CellModel): void {
  const taken = namesOf(document);
  document.doc.transact(() => {
    if (cell.name !== '' && taken.has(cell.name))
      ydoc.renameCell(document.doc, cell.id, freeName(cell.name, taken), byHand);
    ydoc.restoreCell(document.doc, cell.id, byHand);
  }, byHand);
}

/** `undefined` takes the key away. */
export function setConfig(document: NotebookDocument, cell: CellModel, key: string, value: Json | undefined): void {
  ydoc.setConfigKey(document.doc, cell.id, key, value, byHand);
}

/** Several keys as one step of undo. */
export function setConfigs(
  document: NotebookDocument,
  id: CellId,
  change: Readonly<Record<string, Json | undefined>>,
): void {
  document.doc.transact(() => {
    for (const [key, value] of Object.entries(change)) ydoc.setConfigKey(document.doc, id, key, value, byHand);
  }, byHand);
}

export function replaceText(document: NotebookDocument, cell: CellModel, text: string): void {
  ydoc.setSource(document.doc, cell.id, text, byHand);
}

/** Puts words in the place of others in the texts of cells, as one step of undo. The places of a cell are in order. */
export function replaceAt(
  document: NotebookDocument,
  places: readonly { readonly cellId: string; readonly from: number; readonly to: number }[],
  words: string,
): void {
  document.doc.transact(() => {
    for (const { cellId, from, to } of places.toReversed()) {
      const text = ydoc.sourceText(document.doc, cellId as CellId);
      text?.insert(to, words);
      text?.delete(from, to - from);
    }
  }, byHand);
}

export function namesOf(document: NotebookDocument): Set<string> {
  return new Set(document.live.map((cell) => cell.name).filter((name) => name !== ''));
}

function placeOf(after: CellId | null): ydoc.CellPlace {
  return after === null ? 'start' : { after };
}

function deedOf(document: NotebookDocument): ydoc.Deed {
  return { by: document.me, at: new Date().toISOString() };
}

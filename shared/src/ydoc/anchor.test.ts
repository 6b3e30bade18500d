import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { CellId } from '../id.ts';
import { anchorOf, rangeOf } from './anchor.ts';
import { addCell, deleteCell, moveCell, restoreCell, setSource } from './operation.ts';
import { sourceText } from './shape.ts';

const id = 'cell_a' as CellId;
function documentWith(source: string): Y.Doc {
  const doc = new Y.Doc();
  addCell(doc, { id, kind: 'sql', name: 'a', source });
  return doc;
}
const textOf = (doc: Y.Doc) => sourceText(doc, id) as Y.Text;
const said = (doc: Y.Doc, range: { from: number; to: number } | null) =>
  range === null ? null : textOf(doc).toString().slice(range.from, range.to);

describe('the anchor of a comment', () => {
  it('stays on its characters through edits before, inside and after them, also of others', () => {
    const doc = documentWith('select amount from orders');
    const anchor = anchorOf(doc, id, { from: 7, to: 13 });
    if (anchor === null) throw new Error('no anchor');
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    textOf(other).insert(0, '-- first\n');
    textOf(doc).insert(10, '_BRL_');
    textOf(doc).insert(textOf(doc).length, ' where true');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(said(doc, rangeOf(doc, id, anchor, 'amount'))).toBe('amo_BRL_unt');
  });

  it('takes in nothing that is typed at its edges', () => {
    const doc = documentWith('select amount from orders');
    const anchor = anchorOf(doc, id, { from: 7, to: 13 });
    if (anchor === null) throw new Error('no anchor');
    textOf(doc).insert(13, '2');
    textOf(doc).insert(7, 'x.');
    expect(said(doc, rangeOf(doc, id, anchor, 'amount'))).toBe('amount');
  });

  it('survives a move and the bin', () => {
    const doc = documentWith('select 1');
    addCell(doc, { kind: 'sql', name: 'b' }, 'start');
    const anchor = anchorOf(doc, id, { from: 0, to: 6 });
    if (anchor === null) throw new Error('no anchor');
    moveCell(doc, id, 'start');
    deleteCell(doc, id, '2026-01-01T00:00:00Z');
    restoreCell(doc, id);
    expect(said(doc, rangeOf(doc, id, anchor, 'select'))).toBe('select');
  });

  it('is nowhere when its text is gone, and found by its quote when that stands there once', () => {
    const doc = documentWith('select amount from orders');
    const anchor = anchorOf(doc, id, { from: 7, to: 13 });
    if (anchor === null) throw new Error('no anchor');
    setSource(doc, id, 'select total from orders');
    expect(rangeOf(doc, id, anchor, 'amount')).toBeNull();
    textOf(doc).delete(0, textOf(doc).length);
    textOf(doc).insert(0, 'select amount');
    expect(said(doc, rangeOf(doc, id, anchor, 'amount'))).toBe('amount');
    textOf(doc).insert(0, 'amount ');
    expect(rangeOf(doc, id, anchor, 'amount')).toBeNull();
  });

  it('is null for an empty range, a missing cell, and digits that are no position', () => {
    const doc = documentWith('select 1');
    expect(anchorOf(doc, id, { from: 3, to: 3 })).toBeNull();
    expect(anchorOf(doc, 'cell_none' as CellId, { from: 0, to: 1 })).toBeNull();
    expect(rangeOf(doc, id, { start: 'ff', end: 'zz' }, '')).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { CellId } from '../id.ts';
import { anchorOf, rangeOf } from './anchor.ts';
import { blameCell, cellsTouchedBy, rangesOf } from './author.ts';
import { addCell, deleteCell, moveCell, purgeCell, setConfigKey, setMeta, setSource, setTitle } from './operation.ts';
import { readBin, readNotebook } from './read.ts';
import { restoreNotebook } from './restore.ts';
import { sourceText } from './shape.ts';

const [a, b] = ['cell_a' as CellId, 'cell_b' as CellId];
const at = '2026-01-01T00:00:00Z';
function twoCells(): Y.Doc {
  const doc = new Y.Doc();
  setTitle(doc, 'Before');
  addCell(doc, { id: a, kind: 'sql', name: 'a', source: 'one\ntwo\nthree', config: { layer: 'gold' } });
  addCell(doc, { id: b, kind: 'sql', name: 'b', source: 'select 1' });
  return doc;
}

describe('a restored notebook', () => {
  it('is what it was, from text, settings, moves, deletes, purges, additions and front matter', () => {
    const doc = twoCells();
    const before = readNotebook(doc);
    setSource(doc, a, 'zero\none\nthree!');
    setConfigKey(doc, a, 'layer', 'silver');
    setConfigKey(doc, a, 'tags', ['x']);
    moveCell(doc, b, 'start');
    deleteCell(doc, b, at);
    purgeCell(doc, b);
    setTitle(doc, 'After');
    setMeta(doc, 'description', 'later');
    const later = addCell(doc, { kind: 'markdown', name: '', source: 'later' });
    restoreNotebook(doc, before, { cells: null, at });
    expect(readNotebook(doc)).toEqual(before);
    expect(readBin(doc).map((cell) => cell.id)).toEqual([later]);
  });

  it('leaves the other cells alone when one is chosen, and keeps comments on lines that stayed', () => {
    const doc = twoCells();
    const before = readNotebook(doc);
    const anchor = anchorOf(doc, a, { from: 8, to: 13 });
    if (anchor === null) throw new Error('no anchor');
    setSource(doc, a, 'zero\none\ntwo and a half\nthree');
    setSource(doc, b, 'select 2');
    restoreNotebook(doc, before, { cells: [a], at });
    expect(readNotebook(doc).cells.map((cell) => cell.source)).toEqual(['one\ntwo\nthree', 'select 2']);
    expect(rangeOf(doc, a, anchor, '')).toEqual({ from: 8, to: 13 });
  });

  it('changes nothing when nothing differs', () => {
    const doc = twoCells();
    const state = Y.encodeStateAsUpdate(doc);
    restoreNotebook(doc, readNotebook(doc), { cells: null, at });
    expect(Y.encodeStateAsUpdate(doc)).toEqual(state);
  });
});

describe('who wrote what', () => {
  it('is told by line, by setting and by cell, deletions too', () => {
    const doc = twoCells();
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    const seen = Y.encodeStateVector(other);
    sourceText(other, a)?.insert(4, 'TWO and ');
    setConfigKey(other, a, 'layer', 'silver');
    const update = Y.encodeStateAsUpdate(other, seen);
    Y.applyUpdate(doc, update);
    const who = (client: number) =>
      client === other.clientID ? { name: 'Bruno', at: '2026-01-02' } : { name: 'Ana', at: '2026-01-01' };
    const blame = blameCell(doc, a, who);
    expect(blame?.lines.map((one) => one?.name)).toEqual(['Ana', 'Bruno', 'Ana']);
    expect(blame?.config.layer?.name).toBe('Bruno');
    expect(blame?.created?.name).toBe('Ana');
    const { written } = rangesOf(update);
    const touches = (ranges: readonly { client: number; clock: number; length: number }[]) =>
      cellsTouchedBy(doc, (client, clock, length) =>
        ranges.some((one) => one.client === client && clock < one.clock + one.length && one.clock < clock + length),
      );
    expect(touches(written)).toEqual([a]);
    const before = Y.encodeStateVector(doc);
    sourceText(doc, b)?.delete(0, 6);
    expect(touches(rangesOf(Y.encodeStateAsUpdate(doc, before)).deleted)).toContain(b);
  });
});

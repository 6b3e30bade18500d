import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Write } from './batch.ts';
import { applyBatch } from './batch.ts';

/** The updates that typing these words makes, one by one. */
function typed(words: readonly string[], into = new Y.Doc()): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array) => updates.push(update);
  into.on('update', collect);
  for (const word of words) into.getText('t').insert(into.getText('t').length, word);
  into.off('update', collect);
  return updates;
}
const write = (bytes: Uint8Array, userId: string, kind: 'update' | 'state' = 'update'): Write<string> => ({
  kind,
  bytes,
  userId,
  sender: userId,
});
const replay = (rows: readonly { data: Uint8Array }[]) => {
  const doc = new Y.Doc();
  for (const row of rows) Y.applyUpdate(doc, row.data);
  return doc.getText('t').toString();
};

describe('applyBatch', () => {
  it('logs one row an author when there is one, and tells the others the same', () => {
    const doc = new Y.Doc();
    const { rows, news, broken } = applyBatch(
      doc,
      typed(['a', 'b', 'c']).map((bytes) => write(bytes, 'ana')),
    );
    expect([rows.length, rows[0]?.userId, replay(rows), broken]).toEqual([1, 'ana', 'abc', []]);
    expect(replay([{ data: news ?? new Uint8Array() }])).toBe('abc');
  });

  it('keeps each author of a mixed batch, and the rows make the document', () => {
    const doc = new Y.Doc();
    const { rows, news } = applyBatch(doc, [
      ...typed(['a', 'b']).map((bytes) => write(bytes, 'ana')),
      ...typed(['x', 'y']).map((bytes) => write(bytes, 'bo')),
    ]);
    expect(rows.map((row) => row.userId)).toEqual(['ana', 'ana', 'bo', 'bo']);
    expect([replay(rows), replay([{ data: news ?? new Uint8Array() }])]).toEqual(
      Array(2).fill(doc.getText('t').toString()),
    );
  });

  it('logs nothing for what is known, and of a state only the news', () => {
    const author = new Y.Doc();
    const first = typed(['long text that is known'], author);
    const doc = new Y.Doc();
    applyBatch(
      doc,
      first.map((bytes) => write(bytes, 'ana')),
    );
    const known = Y.encodeStateAsUpdate(author);
    expect(applyBatch(doc, [write(known, 'ana', 'state')])).toEqual({ rows: [], news: null, broken: [] });
    typed(['!'], author);
    const { rows } = applyBatch(doc, [write(Y.encodeStateAsUpdate(author), 'ana', 'state')]);
    expect(rows[0]?.data.length).toBeLessThan(known.length);
  });

  it('keeps an update that waits for another, and is whole when that one comes', () => {
    const [one, two] = typed(['a', 'b']);
    const doc = new Y.Doc();
    const early = applyBatch(doc, [write(two ?? new Uint8Array(), 'ana')]);
    expect([early.rows.length, early.news]).toEqual([1, null]);
    const late = applyBatch(doc, [write(one ?? new Uint8Array(), 'ana')]);
    expect([doc.getText('t').toString(), replay([...early.rows, ...late.rows])]).toEqual(['ab', 'ab']);
  });

  it('R4 names whose bytes are broken and keeps the others', () => {
    const doc = new Y.Doc();
    const good = typed(['a', 'b']);
    const bad = Uint8Array.from([255, 255, 255, 255, 15, 1, 2, 3]);
    const { rows, broken } = applyBatch(doc, [
      ...good.map((bytes) => write(bytes, 'ana')),
      write(bad, 'mallory'),
      ...typed(['z']).map((bytes) => write(bytes, 'bo')),
    ]);
    expect(broken).toEqual(['mallory']);
    expect([doc.getText('t').length, replay(rows).length]).toEqual([3, 3]);
  });
});

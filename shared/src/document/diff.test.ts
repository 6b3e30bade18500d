import { describe, expect, it } from 'vitest';
import type { CellId } from '../id.ts';
import type { Cell } from './cell.ts';
import { diffNotebooks, equalJson } from './diff.ts';
import type { Notebook } from './notebook.ts';

const cell = (id: string, fields: Partial<Cell> = {}): Cell => ({
  id: id as CellId,
  kind: 'sql',
  name: id,
  order: id,
  source: 'select 1',
  config: {},
  ...fields,
});
const notebook = (...cells: Cell[]): Notebook => ({ title: 'T', meta: {}, cells });
const changes = (before: Notebook, after: Notebook): string[] =>
  diffNotebooks(before, after).cells.map(({ change, cellId, parts }) => [change, cellId, ...parts].join(' '));

describe('diffNotebooks', () => {
  it('says nothing of equal notebooks', () => {
    const diff = diffNotebooks(notebook(cell('a'), cell('b')), notebook(cell('a'), cell('b')));
    expect(diff).toEqual({ cells: [], titleChanged: false, metaKeys: [] });
  });

  it('names what was added, removed and changed, and in which parts', () => {
    const before = notebook(cell('a'), cell('b', { config: { layer: 'gold', tags: ['x'] } }), cell('c'));
    const after = notebook(
      cell('n'),
      cell('a', { source: 'select 2' }),
      cell('b', { name: 'b2', config: { tags: ['x'] } }),
    );
    expect(changes(before, after)).toEqual(['added n', 'changed a source', 'changed b name config', 'removed c']);
    expect(diffNotebooks(before, after).cells[2]?.configKeys).toEqual(['layer']);
  });

  it('reports the fewest moves', () => {
    const [a, b, c, d] = [cell('a'), cell('b'), cell('c'), cell('d')];
    expect(changes(notebook(a, b, c, d), notebook(d, a, b, c))).toEqual(['moved d']);
    expect(changes(notebook(a, b, c), notebook(b, c))).toEqual(['removed a']);
    expect(diffNotebooks(notebook(a, b, c), notebook(b, c, { ...a, source: 'x' })).cells).toMatchObject([
      { change: 'changed', cellId: 'a', moved: true },
    ]);
  });

  it('pairs cells by kind and name where ids differ', () => {
    expect(changes(notebook(cell('a1', { name: 'a' })), notebook(cell('a2', { name: 'a', source: 'x' })))).toEqual([
      'changed a2 source',
    ]);
  });

  it('names the front matter keys that differ', () => {
    const before: Notebook = { title: 'A', meta: { tags: ['x'], owner: 'me' }, cells: [] };
    const after: Notebook = { title: 'B', meta: { tags: ['y'], owner: 'me' }, cells: [] };
    expect(diffNotebooks(before, after)).toMatchObject({ titleChanged: true, metaKeys: ['tags'] });
  });

  it('compares JSON without regard to the order of keys', () => {
    expect(equalJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
    expect(equalJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(equalJson([], {})).toBe(false);
  });
});

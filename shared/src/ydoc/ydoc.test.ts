import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Cell } from '../document/cell.ts';
import type { Notebook } from '../document/notebook.ts';
import type { CellId } from '../id.ts';
import {
  addCell,
  cellsMap,
  checkShape,
  copyOfCell,
  deleteCell,
  moveCell,
  notebookMap,
  orderBetween,
  purgeCell,
  readBin,
  readNotebook,
  renameCell,
  restoreCell,
  setConfigKey,
  setMeta,
  setSource,
  setTitle,
  sourceText,
  writeNotebook,
} from './index.ts';

const id = (text: string): CellId => text as CellId;
const ids = (doc: Y.Doc): string[] => readNotebook(doc).cells.map((cell) => cell.id);

function docWith(...names: string[]): Y.Doc {
  const doc = new Y.Doc();
  for (const name of names) addCell(doc, { id: id(name), kind: 'sql', name, source: `select '${name}'` });
  return doc;
}

function duplicate(doc: Y.Doc, of: CellId, copyId: CellId): CellId | null {
  const copy = copyOfCell(doc, of);
  return copy && addCell(doc, { ...copy, id: copyId }, { after: of });
}

const orders: Cell = {
  id: id('c1'),
  kind: 'sql',
  name: 'orders',
  order: 'a0',
  source: 'select 1',
  config: { layer: 'gold', expect: [{ not_null: ['id'] }] },
};

describe('writing and reading a notebook', () => {
  const notebook: Notebook = { title: 'T', meta: { schedule: { cron: '@daily' } }, cells: [orders] };

  it('reads back what was written', () => {
    const doc = new Y.Doc();
    writeNotebook(doc, notebook);
    expect(readNotebook(doc)).toEqual(notebook);
    expect(checkShape(doc)).toEqual([]);
  });

  it('D3 refuses a document that ever held anything', () => {
    const doc = new Y.Doc();
    writeNotebook(doc, notebook);
    expect(() => writeNotebook(doc, notebook)).toThrow(/empty document/);
    const emptied = docWith('a');
    deleteCell(emptied, id('a'), '2024-01-01T00:00:00Z');
    purgeCell(emptied, id('a'));
    expect(() => writeNotebook(emptied, notebook)).toThrow(/empty document/);
  });

  it('has the shape of the contract', () => {
    const doc = new Y.Doc();
    writeNotebook(doc, notebook);
    const cell = doc.getMap('cells').get('c1') as Y.Map<unknown>;
    expect([...cell.keys()].sort()).toEqual(['config', 'kind', 'name', 'order', 'source']);
    expect(cell.get('source')).toBeInstanceOf(Y.Text);
    expect(cell.get('config')).toBeInstanceOf(Y.Map);
    expect((cell.get('config') as Y.Map<unknown>).get('expect')).toEqual([{ not_null: ['id'] }]);
    expect(doc.getMap('notebook').get('title')).toBe('T');
  });
});

describe('operations', () => {
  it('place cells', () => {
    const doc = docWith('a', 'b');
    addCell(doc, { id: id('start'), kind: 'chart', name: 's' }, 'start');
    addCell(doc, { id: id('mid'), kind: 'chart', name: 'm' }, { after: id('a') });
    addCell(doc, { id: id('gone'), kind: 'chart', name: 'g' }, { before: id('nobody') });
    expect(ids(doc)).toEqual(['start', 'a', 'mid', 'b', 'gone']);
    moveCell(doc, id('gone'), { before: id('a') });
    moveCell(doc, id('start'), 'end');
    expect(ids(doc)).toEqual(['gone', 'a', 'mid', 'b', 'start']);
  });

  it('D2 a move writes the one key `order`, a rename the one key `name`', () => {
    const doc = docWith('a', 'b', 'c');
    const written: string[][] = [];
    cellsMap(doc).observeDeep((events) => {
      for (const event of events) written.push([...event.path.map(String), ...event.changes.keys.keys()]);
    });
    moveCell(doc, id('c'), 'start');
    renameCell(doc, id('a'), 'alpha');
    expect(written).toEqual([
      ['c', 'order'],
      ['a', 'name'],
    ]);
  });

  it('give a page of equal or malformed order keys fresh ones when there is no room', () => {
    const doc = docWith('a', 'b', 'c', 'd');
    for (const name of ['a', 'b', 'c']) (cellsMap(doc).get(name) as Y.Map<unknown>).set('order', 'a0');
    (cellsMap(doc).get('d') as Y.Map<unknown>).set('order', '!!');
    expect(ids(doc)).toEqual(['d', 'a', 'b', 'c']);
    moveCell(doc, id('d'), { after: id('a') });
    expect(ids(doc)).toEqual(['a', 'd', 'b', 'c']);
    moveCell(doc, id('c'), 'start');
    expect(ids(doc)).toEqual(['c', 'a', 'd', 'b']);
  });

  it('put a cell in the bin, take it out to its place, and purge only from the bin', () => {
    const doc = docWith('a', 'b', 'c');
    expect(purgeCell(doc, id('b'))).toBe(false);
    deleteCell(doc, id('b'), '2024-01-01T00:00:00Z');
    deleteCell(doc, id('a'), '2024-01-02T00:00:00Z');
    expect(ids(doc)).toEqual(['c']);
    expect(readBin(doc).map((cell) => cell.id)).toEqual(['a', 'b']);
    restoreCell(doc, id('b'));
    expect(ids(doc)).toEqual(['b', 'c']);
    expect(purgeCell(doc, id('a'))).toBe(true);
    expect(readBin(doc)).toEqual([]);
  });

  it('duplicate a cell under it with a free name', () => {
    const doc = docWith('a', 'b');
    duplicate(doc, id('a'), id('a2'));
    duplicate(doc, id('a2'), id('a3'));
    expect(readNotebook(doc).cells.map(({ name, source }) => [name, source])).toEqual([
      ['a', "select 'a'"],
      ['a_copy', "select 'a'"],
      ['a_copy_2', "select 'a'"],
      ['b', "select 'b'"],
    ]);
  });

  it('set and remove keys, title and text', () => {
    const doc = docWith('a');
    setConfigKey(doc, id('a'), 'layer', 'gold');
    setConfigKey(doc, id('a'), 'tags', ['x']);
    setConfigKey(doc, id('a'), 'layer', undefined);
    setTitle(doc, 'T');
    setMeta(doc, 'owner', 'me');
    setSource(doc, id('a'), "select 'b', 😀");
    setSource(doc, id('a'), "select 'b', 😁!");
    expect(readNotebook(doc)).toMatchObject({ title: 'T', meta: { owner: 'me' } });
    expect(readNotebook(doc).cells[0]).toMatchObject({ config: { tags: ['x'] }, source: "select 'b', 😁!" });
  });

  it('answer false for a cell that is gone', () => {
    const doc = new Y.Doc();
    expect(renameCell(doc, id('x'), 'y')).toBe(false);
    expect(copyOfCell(doc, id('x'))).toBe(null);
  });

  it('D4 carry their origin and are one transaction each', () => {
    const doc = docWith('a', 'b');
    const origins: unknown[] = [];
    doc.on('afterTransaction', (transaction: Y.Transaction) => origins.push(transaction.origin));
    addCell(doc, { kind: 'sql', name: 'c', config: { layer: 'gold' } }, 'start', 'me');
    expect(origins).toEqual(['me']);
  });

  it('set any text whatever the text before', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '😁', '\n') });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const doc = docWith('a');
        setSource(doc, id('a'), before);
        setSource(doc, id('a'), after);
        expect(sourceText(doc, id('a'))?.toString()).toBe(after);
      }),
    );
  });
});

describe('orderBetween', () => {
  it('stays strictly between its neighbours, whatever chance says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })), { maxLength: 60 }),
        (steps) => {
          const page: string[] = [];
          for (const [at, chance] of steps) {
            const index = at % (page.length + 1);
            const key = orderBetween(page[index - 1] ?? null, page[index] ?? null, () => chance);
            expect(key).not.toBe(null);
            page.splice(index, 0, key ?? '');
          }
          expect([...page].sort((a, b) => (a < b ? -1 : 1))).toEqual(page);
          expect(new Set(page).size).toBe(page.length);
        },
      ),
    );
  });

  it('takes different keys for two people at one place', () => {
    const keys = new Set(Array.from({ length: 50 }, () => orderBetween('a0', 'a1')));
    expect(keys.size).toBeGreaterThan(20);
    expect(new Set(Array.from({ length: 50 }, () => orderBetween('a0', null))).size).toBeGreaterThan(20);
  });
});

describe('hostile updates', () => {
  it.each<[string, (doc: Y.Doc) => void, readonly string[]]>([
    ['a cell that is a number', (doc) => cellsMap(doc).set('a', 7), ['cells', 'a']],
    ['a cell of no kind', (doc) => (cellsMap(doc).get('a') as Y.Map<unknown>).set('kind', 'virus'), ['cells', 'a']],
    [
      'a source that is no shared text',
      (doc) => (cellsMap(doc).get('a') as Y.Map<unknown>).set('source', 'x'),
      ['cells', 'a'],
    ],
    [
      'a config that is a list',
      (doc) => (cellsMap(doc).get('a') as Y.Map<unknown>).set('config', new Y.Array()),
      ['cells', 'a'],
    ],
    ['an order that is a number', (doc) => (cellsMap(doc).get('a') as Y.Map<unknown>).set('order', 1), ['cells', 'a']],
  ])('leave out and name %s', (_, break_, path) => {
    const doc = docWith('a', 'b');
    break_(doc);
    expect(ids(doc)).toEqual(['b']);
    expect(checkShape(doc)).toMatchObject([{ path }]);
  });

  it('name strays, other roots, values that are not JSON, and keep the rest readable', () => {
    const doc = docWith('a');
    const cell = cellsMap(doc).get('a') as Y.Map<unknown>;
    cell.set('result', 1);
    (cell.get('config') as Y.Map<unknown>).set('layer', new Uint8Array(2));
    notebookMap(doc).set('title', 5);
    doc.getArray('other').push([1]);
    expect(checkShape(doc).map(({ path }) => path.join('.'))).toEqual([
      'other',
      'notebook.title',
      'cells.a.result',
      'cells.a.config.layer',
    ]);
    expect(readNotebook(doc)).toMatchObject({ title: '', cells: [{ id: 'a', config: {} }] });
  });

  it('name a root that a client used as a list', () => {
    const hostile = new Y.Doc();
    hostile.getArray('cells').push([1, 2]);
    const doc = docWith('a');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(hostile));
    expect(ids(doc)).toEqual(['a']);
    expect(checkShape(doc)).toMatchObject([{ path: ['cells'] }]);
  });
});

describe('two people at once', () => {
  const operation = fc.record({
    who: fc.constantFrom(0, 1),
    what: fc.constantFrom(
      'add',
      'rename',
      'move',
      'duplicate',
      'delete',
      'restore',
      'purge',
      'config',
      'source',
      'title',
      'sync',
    ),
    at: fc.nat(20),
    to: fc.nat(20),
  });

  it('D2 converge, and lose or duplicate no cell', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const first = docWith('a', 'b', 'c');
        const docs = [first, new Y.Doc()] as const;
        sync(...docs);
        const added = new Set(['a', 'b', 'c']);
        const purged = new Set<string>();
        let count = 0;
        for (const { who, what, at, to } of operations) {
          const doc = docs[who] ?? first;
          const cells = [...readNotebook(doc).cells, ...readBin(doc)];
          const cell = cells[at % Math.max(1, cells.length)]?.id ?? id('none');
          const other = cells[to % Math.max(1, cells.length)]?.id ?? id('none');
          const fresh = id(`n${(count += 1)}`);
          if (what === 'sync') sync(...docs);
          else if (what === 'add') added.add(addCell(doc, { id: fresh, kind: 'sql', name: fresh }, { after: cell }));
          else if (what === 'duplicate') added.add(duplicate(doc, cell, fresh) ?? 'a');
          else if (what === 'purge' && purgeCell(doc, cell)) purged.add(cell);
          else apply(doc, what, cell, other);
        }
        sync(...docs);
        expect(readNotebook(docs[1])).toEqual(readNotebook(docs[0]));
        expect(readBin(docs[1])).toEqual(readBin(docs[0]));
        const present = [...readNotebook(first).cells, ...readBin(first)].map((each) => each.id as string);
        expect(present.sort()).toEqual([...added].filter((each) => !purged.has(each)).sort());
        expect(checkShape(first)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

function apply(doc: Y.Doc, what: string, cell: CellId, other: CellId): void {
  if (what === 'rename') renameCell(doc, cell, `of_${other}`);
  if (what === 'move') moveCell(doc, cell, { before: other });
  if (what === 'delete') deleteCell(doc, cell, '2024-01-01T00:00:00Z');
  if (what === 'restore') restoreCell(doc, cell);
  if (what === 'config') setConfigKey(doc, cell, 'tags', [other]);
  if (what === 'source') setSource(doc, cell, `select ${other}`);
  if (what === 'title') setTitle(doc, `T ${other}`);
}

function sync(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)));
}

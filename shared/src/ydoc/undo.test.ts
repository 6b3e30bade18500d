import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { CellId } from '../id.ts';
import {
  addCellAsStep,
  cellMap,
  cellsChangedBy,
  cellsMap,
  checkShape,
  createUndo,
  deleteCell,
  isBlank,
  moveCell,
  readBin,
  readNotebook,
  renameCell,
  restoreCell,
  setConfigKey,
  sourceText,
} from './index.ts';

const byHand = { origin: 'by hand' };
const typing = { origin: 'typing' };
const AT = '2026-01-01T00:00:00Z';

/** Somebody with a copy of the document and their own undo. */
class Person {
  readonly doc = new Y.Doc();
  readonly undo = createUndo(this.doc, byHand);
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    this.undo.addTrackedOrigin(typing);
  }

  add(id: string, after: string | null = null): CellId {
    const cell = { id: id as CellId, kind: 'sql', name: id } as const;
    const place = after === null ? 'end' : { after: after as CellId };
    return addCellAsStep(this.doc, cell, place, { by: this.name, at: AT }, byHand);
  }

  type(id: CellId, at: number, text: string): void {
    this.doc.transact(() => sourceText(this.doc, id)?.insert(at, text), typing);
  }
}

function meet(...people: Person[]): void {
  for (const from of people) for (const to of people) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc), 'wire');
}
function two(): [Person, Person] {
  return [new Person('ana'), new Person('bruno')];
}
const live = (person: Person) => readNotebook(person.doc).cells.map((cell) => cell.id as string);

describe('an undo', () => {
  it('U2 of a new cell puts it into the bin with what another one typed in it, and a redo takes it out', () => {
    const [ana, bruno] = two();
    const cell = ana.add('orders');
    meet(ana, bruno);
    bruno.type(cell, 0, 'select 1');
    meet(ana, bruno);
    ana.undo.undo();
    meet(ana, bruno);
    expect([live(ana), live(bruno)]).toEqual([[], []]);
    expect(readBin(bruno.doc).map(({ id, source }) => [id, source])).toEqual([['orders', 'select 1']]);
    expect(cellMap(bruno.doc, cell)?.get('deletedBy')).toBe('ana');
    ana.undo.redo();
    expect(live(ana)).toEqual(['orders']);
    expect(readNotebook(ana.doc).cells[0]?.source).toBe('select 1');
    expect(checkShape(ana.doc)).toEqual([]);
  });

  it('U1 leaves a cell in the bin that another one deleted since', () => {
    const [ana, bruno] = two();
    const cell = ana.add('a');
    ana.add('b');
    meet(ana, bruno);
    moveCell(ana.doc, cell, 'end', byHand);
    meet(ana, bruno);
    deleteCell(bruno.doc, cell, AT, byHand, 'bruno');
    meet(ana, bruno);
    ana.undo.undo();
    expect(readBin(ana.doc).map((one) => one.id)).toEqual(['a']);
  });

  it('U3 of a move brings the cell back to its place when another one moved it at the same time', () => {
    const [ana, bruno] = two();
    [ana.doc.clientID, bruno.doc.clientID] = [2, 1]; // the higher wins
    const cell = ana.add('a');
    const last = ana.add('b');
    meet(ana, bruno);
    moveCell(ana.doc, cell, 'end', byHand);
    moveCell(bruno.doc, cell, { after: last }, byHand);
    meet(ana, bruno);
    ana.undo.undo();
    meet(ana, bruno);
    expect([live(ana), live(bruno)]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    ana.undo.redo();
    expect(live(ana)).toEqual(['b', 'a']);
  });

  it('U1 U3 among three who move one cell and hear of each other late, it always has a place', () => {
    const step = fc.record({
      kind: fc.constantFrom('move', 'move', 'hear', 'undo', 'redo'),
      who: fc.nat(2),
      of: fc.nat(2),
    });
    const played = fc.property(fc.array(step, { minLength: 4, maxLength: 12 }), (steps) => {
      const people = ['ana', 'bruno', 'caio'].map((name) => new Person(name));
      const [ana] = people as [Person];
      const cells = ['a', 'b', 'c'].map((id) => ana.add(id));
      meet(...people);
      for (const [n, { kind, who, of }] of steps.entries()) {
        const [person, other] = [people[who] ?? ana, people[of] ?? ana];
        const before = othersWork(person.doc);
        if (kind === 'hear') Y.applyUpdate(person.doc, Y.encodeStateAsUpdate(other.doc), 'wire');
        else if (kind === 'move') moveCell(person.doc, 'a' as CellId, { after: cells[1 + (n % 2)] as CellId }, byHand);
        else person.undo[kind]();
        expect(checkShape(person.doc)).toEqual([]);
        if (kind === 'undo' || kind === 'redo') expect(othersWork(person.doc)).toEqual(expect.arrayContaining(before));
      }
    });
    fc.assert(played, { numRuns: 800 });
  });

  it('takes steps back in order across adding, typing, moving, deleting and settings', () => {
    const [ana] = two();
    const [a, b] = [ana.add('a'), ana.add('b')];
    ana.type(a, 0, 'x');
    moveCell(ana.doc, a, 'end', byHand);
    setConfigKey(ana.doc, b, 'layer', 'gold', byHand);
    deleteCell(ana.doc, b, AT, byHand, 'ana');
    const states: unknown[] = [];
    const state = () => ({ ...readNotebook(ana.doc), bin: readBin(ana.doc).map((cell) => cell.id) });
    while (ana.undo.canUndo()) {
      states.push(state());
      ana.undo.undo();
    }
    expect(states).toHaveLength(6);
    expect(live(ana)).toEqual([]);
    while (ana.undo.canRedo()) {
      ana.undo.redo();
      expect(state()).toEqual(states.pop());
    }
    expect(states).toEqual([]);
  });

  it('names the cells it changes, those that come back too', () => {
    const [ana] = two();
    const cell = ana.add('a');
    ana.type(ana.add('b'), 0, 'x');
    const named: string[][] = [];
    ana.undo.on('stack-item-popped', ({ changedParentTypes }) =>
      named.push(cellsChangedBy(ana.doc, changedParentTypes)),
    );
    ana.undo.undo(); // the text of b
    ana.undo.undo(); // b
    deleteCell(ana.doc, cell, AT, byHand, 'ana');
    ana.undo.undo();
    expect(named).toEqual([['b'], ['b'], ['a']]);
    expect(isBlank(ana.doc, 'b' as CellId)).toBe(true);
  });

  it('names cells whose entries a transaction adds', () => {
    const doc = new Y.Doc();
    cellsMap(doc);
    let named: string[] = [];
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      named = cellsChangedBy(doc, transaction.changedParentTypes as never);
    });
    const ana = new Person('ana');
    ana.add('a');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(ana.doc));
    expect(named).toEqual(['a']);
  });
});

/** Every character and value of the document that somebody else made and that counts now. */
function othersWork(doc: Y.Doc): string[] {
  const mine = doc.clientID;
  const found: string[] = [];
  for (const [id] of cellsMap(doc).entries()) {
    const cell = cellMap(doc, id as CellId);
    if (!cell) continue;
    const config = cell.get('config');
    const maps = [cell, ...(config instanceof Y.Map ? [config as Y.Map<unknown>] : [])];
    for (const map of maps)
      for (const [key, item] of map._map) {
        if (item.deleted || item.id.client === mine) continue;
        if (!(item.content instanceof Y.ContentType)) found.push(`${id}.${key}=${JSON.stringify(map.get(key))}`);
      }
    for (let item = sourceText(doc, id as CellId)?._start ?? null; item !== null; item = item.right) {
      if (!item.deleted && item.id.client !== mine && item.content instanceof Y.ContentString)
        found.push(...[...item.content.str].map((char) => `${id} "${char}"`));
    }
  }
  return found;
}

const kinds = ['add', 'type', 'erase', 'move', 'bin', 'back', 'name', 'set', 'unset', 'undo', 'redo', 'meet'] as const;
const step = fc.record({
  kind: fc.constantFrom(...kinds),
  who: fc.nat(3),
  cell: fc.nat(50),
  other: fc.nat(50),
  at: fc.nat(50),
});

describe('for two to four people at once', () => {
  it('U1 U2 no undo or redo touches what another one made, no cell is ever lost, and all end alike', () => {
    // A failure prints its seed: fc.assert(…, { seed }) plays it again.
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), fc.array(step, { maxLength: 60 }), (count, steps) => {
        const people = Array.from({ length: count }, (_, index) => new Person(`p${index}`));
        const made = new Set<string>();
        let next = 0;
        for (const { kind, who, cell, other, at } of steps) {
          const person = people[who % count] ?? new Person('nobody');
          const { doc } = person;
          const ids = [...cellsMap(doc).keys()] as CellId[];
          const [id, beside] = [ids[cell % ids.length], ids[other % ids.length]];
          next += 1;
          if (kind === 'meet') meet(person, people[cell % count] ?? person);
          else if (kind === 'undo' || kind === 'redo') {
            const before = othersWork(doc);
            person.undo[kind]();
            const after = new Set(othersWork(doc));
            expect(before.filter((one) => !after.has(one))).toEqual([]);
          } else if (kind === 'add') made.add(person.add(`c${next}`, beside ?? null));
          else if (id && beside) act(person, kind, { id, beside, at, next });
          for (const known of ids) expect(cellMap(doc, known)).not.toBeNull();
        }
        meet(...people);
        meet(...people);
        const [first = new Person('nobody')] = people;
        for (const person of people) {
          expect(readNotebook(person.doc)).toEqual(readNotebook(first.doc));
          expect(readBin(person.doc)).toEqual(readBin(first.doc));
          expect(checkShape(person.doc)).toEqual([]);
          expect([...cellsMap(person.doc).keys()].sort()).toEqual([...made].sort());
        }
      }),
      { numRuns: 400 },
    );
  });
});

function act(
  { doc, name }: Person,
  kind: Exclude<(typeof kinds)[number], 'add' | 'undo' | 'redo' | 'meet'>,
  on: { id: CellId; beside: CellId; at: number; next: number },
): void {
  const { id, beside, at, next } = on;
  const text = sourceText(doc, id);
  const length = text?.length ?? 0;
  const type = (change: (source: Y.Text) => void) => doc.transact(() => text && change(text), typing);
  if (kind === 'type') type((source) => source.insert(at % (length + 1), String.fromCodePoint(0x4e00 + next)));
  else if (kind === 'erase' && length > 0) type((source) => source.delete(at % length, 1));
  else if (kind === 'move') moveCell(doc, id, { after: beside }, byHand);
  else if (kind === 'bin') deleteCell(doc, id, `${AT}${next}`, byHand, name);
  else if (kind === 'back') restoreCell(doc, id, byHand);
  else if (kind === 'name') renameCell(doc, id, `n${next}`, byHand);
  else if (kind === 'set') setConfigKey(doc, id, `k${at % 3}`, next, byHand);
  else if (kind === 'unset') setConfigKey(doc, id, `k${at % 3}`, undefined, byHand);
}

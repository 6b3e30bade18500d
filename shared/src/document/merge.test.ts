import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellId } from '../id.ts';
import type { Cell } from './cell.ts';
import { mergeLines } from './merge-lines.ts';
import { acceptMerges, mergeNotebooks } from './merge.ts';
import type { Notebook } from './notebook.ts';

const seed = Date.now() % 2 ** 31;
const runs = { seed, numRuns: 400 };

const ids = ['a', 'b', 'c', 'd'];
const text = fc
  .array(fc.constantFrom('one\n', 'two\n', 'three\n', 'x = 1\n'), { maxLength: 6 })
  .map((lines) => lines.join(''));
const cell = (id: string): fc.Arbitrary<Cell> =>
  fc.record({
    id: fc.constant(id as CellId),
    kind: fc.constantFrom('sql' as const, 'chart' as const),
    name: fc.constantFrom(id, `${id}_new`),
    order: fc.constantFrom('a0', 'a1', 'a2'),
    source: text,
    config: fc.dictionary(fc.constantFrom('layer', 'tags'), fc.constantFrom('silver', 'gold'), { maxKeys: 2 }),
  });
const notebook: fc.Arbitrary<Notebook> = fc
  .subarray(ids)
  .chain((some) => fc.tuple(...some.map(cell)))
  .map((cells) => ({ title: 'T', meta: {}, cells }));
const sorted = ({ cells }: Notebook) => cells.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const find = ({ cells }: Notebook, id: CellId) => cells.find((each) => each.id === id) ?? null;

describe(`mergeNotebooks (seed ${seed})`, () => {
  it('of a branch that nobody else edited beside is the branch', () => {
    fc.assert(
      fc.property(notebook, notebook, (ancestor, branch) => {
        const merges = mergeNotebooks(ancestor, branch, ancestor);
        expect(merges.every((each) => each.state === 'clean')).toBe(true);
        expect(sorted(acceptMerges(ancestor, merges))).toEqual(sorted(branch));
      }),
      runs,
    );
  });

  it('touches no cell that the branch left as it was, and no cell that is not chosen', () => {
    fc.assert(
      fc.property(notebook, notebook, notebook, (ancestor, branch, main) => {
        expect(mergeNotebooks(ancestor, ancestor, main)).toEqual([]);
        const merges = mergeNotebooks(ancestor, branch, main);
        const chosen = merges.slice(0, 1);
        const after = acceptMerges(main, chosen);
        for (const id of ids as CellId[]) if (chosen[0]?.cellId !== id) expect(find(after, id)).toEqual(find(main, id));
      }),
      runs,
    );
  });

  it('finds nothing more to do once everything was accepted', () => {
    fc.assert(
      fc.property(notebook, notebook, notebook, (ancestor, branch, main) => {
        const merges = mergeNotebooks(ancestor, branch, main);
        expect(mergeNotebooks(branch, branch, acceptMerges(main, merges))).toEqual([]);
      }),
      runs,
    );
  });

  it('keeps every part that one side alone changed, and calls the rest a conflict', () => {
    fc.assert(
      fc.property(cell('a'), cell('a'), cell('a'), (base, ours, theirs) => {
        const wrap = (each: Cell): Notebook => ({ title: 'T', meta: {}, cells: [each] });
        const [merge] = mergeNotebooks(wrap(base), wrap(ours), wrap(theirs));
        if (merge?.state !== 'both') return;
        for (const part of ['kind', 'name', 'source'] as const) {
          if (base[part] === ours[part]) expect(merge.result?.[part]).toBe(theirs[part]);
          if (base[part] === theirs[part]) expect(merge.result?.[part]).toBe(ours[part]);
        }
      }),
      runs,
    );
  });

  it('of a cell that one side removed and the other changed is a conflict', () => {
    const base: Cell = { id: 'a' as CellId, kind: 'sql', name: 'a', order: 'a0', source: 'select 1', config: {} };
    const of = (...cells: Cell[]): Notebook => ({ title: 'T', meta: {}, cells });
    const changed = { ...base, source: 'select 2' };
    expect(mergeNotebooks(of(base), of(), of(changed))).toMatchObject([{ state: 'conflict', result: null }]);
    expect(mergeNotebooks(of(base), of(changed), of())).toMatchObject([{ state: 'conflict', result: changed }]);
    expect(mergeNotebooks(of(base), of(), of())).toEqual([]);
  });
});

describe('mergeLines', () => {
  it('is the same whichever side is whose, and is one side where the other changed nothing', () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        expect(mergeLines(base, ours, theirs)).toBe(mergeLines(base, theirs, ours));
        expect(mergeLines(base, base, theirs)).toBe(theirs);
        expect(mergeLines(base, ours, base)).toBe(ours);
      }),
      runs,
    );
  });

  it('puts edits of different places together and leaves two of one place to people', () => {
    expect(mergeLines('1\n2\n3\n', '1a\n2\n3\n', '1\n2\n3b')).toBe('1a\n2\n3b');
    expect(mergeLines('1\n2\n3\n', '1a\n2\n3\n', '1b\n2\n3\n')).toBeNull();
    expect(mergeLines('1\n2\n', '1\nx\n2\n', '1\ny\n2\n')).toBeNull();
    expect(mergeLines('1\n2\n', '1\nx\n2\n', '1\nx\n2\n')).toBe('1\nx\n2\n');
  });
});

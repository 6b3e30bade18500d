import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellId } from '../id.ts';
import type { Cell } from '../document/cell.ts';
import { defaultLayout, withoutTitle } from './default-layout.ts';
import { clampRect, freePlace, LAYOUT_COLUMNS, layoutProblem, overlap, placeTile, settle } from './layout.ts';

const rect = fc.record({
  x: fc.integer({ min: -3, max: 14 }),
  y: fc.integer({ min: 0, max: 30 }),
  w: fc.integer({ min: 1, max: 15 }),
  h: fc.integer({ min: 1, max: 6 }),
});
const tiles = fc.array(rect, { maxLength: 12 });

function isSound(rects: readonly { x: number; y: number; w: number; h: number }[]): boolean {
  const within = rects.every((tile) => tile.x >= 0 && tile.x + tile.w <= LAYOUT_COLUMNS && tile.y >= 0);
  return within && rects.every((a, at) => rects.every((b, other) => at === other || !overlap(a, b)));
}

describe('the grid of a dashboard', () => {
  it('settles any tiles without overlap, within the columns', () => {
    fc.assert(fc.property(tiles, (list) => isSound(settle(list))));
  });

  it('leaves a settled arrangement as it is', () => {
    fc.assert(
      fc.property(tiles, (list) => {
        expect(settle(settle(list))).toEqual(settle(list));
      }),
    );
  });

  it('never changes a column or a size while settling', () => {
    fc.assert(
      fc.property(tiles, (list) => {
        const rects = list.map((tile) => clampRect(tile));
        settle(rects).forEach((tile, at) => expect({ ...tile, y: 0 }).toEqual({ ...rects[at], y: 0 }));
      }),
    );
  });

  it('leaves no overlap after a tile is moved or sized', () => {
    fc.assert(
      fc.property(fc.array(rect, { minLength: 1, maxLength: 10 }), rect, (list, to) => {
        const settled = settle(list);
        const [first] = settled;
        if (first) expect(isSound(placeTile(settled, first, to))).toBe(true);
      }),
    );
  });

  const at = (x: number, y: number, w: number, h: number) => ({ x, y, w, h });
  const move = (list: readonly ReturnType<typeof at>[], which: number, to: Partial<ReturnType<typeof at>>) => {
    const tile = list[which];
    if (!tile) throw new Error('there is no such tile');
    return placeTile(list, tile, to);
  };

  it('exchanges tiles of one size when one is dragged over the other, sideways and down', () => {
    const row = [at(0, 0, 6, 2), at(6, 0, 6, 2)];
    expect(move(row, 1, { x: 0 })).toEqual([at(6, 0, 6, 2), at(0, 0, 6, 2)]);
    expect(move(row, 0, { x: 4 })).toEqual([at(6, 0, 6, 2), at(0, 0, 6, 2)]);
    const column = [at(0, 0, 12, 5), at(0, 5, 12, 5)];
    expect(move(column, 0, { y: 3 })).toEqual([at(0, 5, 12, 5), at(0, 0, 12, 5)]);
    expect(move(column, 1, { y: 2 })).toEqual([at(0, 5, 12, 5), at(0, 0, 12, 5)]);
    expect(move(column, 0, { y: 2 })).toEqual(column);
  });

  it('moves a tile past a larger or smaller one when it reaches its middle', () => {
    const list = [at(0, 0, 6, 2), at(0, 2, 12, 6), at(0, 8, 3, 1)];
    expect(move(list, 0, { y: 2 })).toEqual(list);
    expect(move(list, 0, { y: 3 })).toEqual([at(0, 6, 6, 2), at(0, 0, 12, 6), at(0, 8, 3, 1)]);
    expect(move(list, 1, { y: 1 })).toEqual([at(0, 6, 6, 2), at(0, 0, 12, 6), at(0, 8, 3, 1)]);
    expect(move(list, 0, { y: 30 })[0]).toEqual(at(0, 7, 6, 2));
  });

  it('lets a tile be dragged to any row of any arrangement and up again: both ends can be reached', () => {
    fc.assert(
      fc.property(fc.array(rect, { minLength: 1, maxLength: 10 }), (list) => {
        const [first, ...rest] = settle(list);
        if (!first) return;
        const bottom = Math.max(
          0,
          ...rest
            .filter((each) => each.x < first.x + first.w && first.x < each.x + each.w)
            .map((each) => each.y + each.h),
        );
        const down = placeTile([first, ...rest], first, { y: bottom + 10 });
        const [low, ...others] = down;
        if (!low) throw new Error('the tile is gone');
        const under = others.filter(
          (each) => each.y >= low.y + low.h && each.x < low.x + low.w && low.x < each.x + each.w,
        );
        expect(under).toEqual([]);
        expect(placeTile(down, low, { y: 0 })[0]?.y).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the corner of a tile that is sized: what is in the way goes below', () => {
    const list = [at(0, 0, 6, 2), at(6, 0, 6, 4), at(0, 2, 6, 2)];
    expect(move(list, 0, { w: 8 })).toEqual([at(0, 0, 8, 2), at(6, 2, 6, 4), at(0, 2, 6, 2)]);
    expect(move(list, 0, { h: 5 })).toEqual([at(0, 0, 6, 5), at(6, 0, 6, 4), at(0, 5, 6, 2)]);
    expect(move(list, 2, { w: 12 })).toEqual([at(0, 0, 6, 2), at(6, 4, 6, 4), at(0, 2, 12, 2)]);
    expect(move(list, 0, { w: 3, h: 1 })).toEqual([at(0, 0, 3, 1), at(6, 0, 6, 4), at(0, 1, 6, 2)]);
  });

  it('finds the first free place in reading order', () => {
    expect(freePlace([{ x: 0, y: 0, w: 6, h: 2 }], 6, 2)).toEqual({ x: 6, y: 0, w: 6, h: 2 });
    expect(freePlace([{ x: 0, y: 0, w: 12, h: 2 }], 6, 2)).toEqual({ x: 0, y: 2, w: 6, h: 2 });
  });

  it('names what is wrong with an arrangement', () => {
    const tile = { cellId: 'a', x: 0, y: 0, w: 6, h: 2 };
    expect(layoutProblem([tile, { ...tile, cellId: 'b', x: 6 }])).toBeNull();
    expect(layoutProblem([tile, { ...tile, cellId: 'b', x: 5 }])).toContain('overlap');
    expect(layoutProblem([tile, { ...tile, x: 6 }])).toContain('twice');
    expect(layoutProblem([{ ...tile, x: 8 }])).toContain('leaves');
  });
});

describe('the arrangement nobody made yet', () => {
  const cell = (kind: Cell['kind'], more: Partial<Cell> = {}): Cell => ({
    id: `${kind}-${more.name ?? more.source ?? ''}` as CellId,
    kind,
    name: '',
    order: 'a',
    source: '',
    config: {},
    ...more,
  });

  it('puts inputs first, charts in page order, figures side by side, and leaves the rest out', () => {
    const cells = [
      cell('markdown', { source: '# Sales' }),
      cell('sql', { name: 'orders', source: 'select 1' }),
      ...['one', 'two', 'three'].map((name) => cell('chart', { name, config: { type: 'metric' } })),
      cell('input', { name: 'period' }),
      cell('markdown', { source: '## By channel\n\nWhere orders come from.' }),
      cell('chart', { name: 'channels', config: { type: 'bar' } }),
    ];
    const layout = defaultLayout({ title: 'Sales', meta: {}, cells });
    expect(layoutProblem(layout.tiles)).toBeNull();
    expect(layout.tiles.map((tile) => tile.cellId)).toEqual([
      'input-period',
      'chart-one',
      'chart-two',
      'chart-three',
      'markdown-## By channel\n\nWhere orders come from.',
      'chart-channels',
    ]);
    expect(layout.tiles.slice(1, 4).map((tile) => [tile.x, tile.w])).toEqual([
      [0, 4],
      [4, 4],
      [8, 4],
    ]);
  });

  it('never overlaps, whatever the cells', () => {
    const kinds = fc.constantFrom<Cell['kind']>('markdown', 'chart', 'input', 'sql');
    const made = fc.array(fc.tuple(kinds, fc.constantFrom('metric', 'bar', 'table')), { maxLength: 20 });
    fc.assert(
      fc.property(made, (list) => {
        const cells = list.map(([kind, type], at) =>
          cell(kind, { name: `c${at}`, id: `c${at}` as CellId, source: '## Heading\ntext', config: { type } }),
        );
        expect(layoutProblem(defaultLayout({ title: 'T', meta: {}, cells }).tiles)).toBeNull();
      }),
    );
  });

  it('drops the heading that repeats the title, and no other', () => {
    expect(withoutTitle('# Sales\n\nText', 'Sales')).toBe('Text');
    expect(withoutTitle('# Costs\n\nText', 'Sales')).toBe('# Costs\n\nText');
  });
});

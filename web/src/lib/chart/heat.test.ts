import type { ChartSpec, Column } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';

import { placeFor } from './drop-column.ts';
import { heatOf, moveInHeat } from './heat.ts';

const row = (x: string, y0: string, value: number | null) => ({ x, y0, value });
const data = { columns: [], rows: [row('a', 'p', 1), row('c', 'p', 9), row('a', 'q', null), row('b', 'q', 3)] };

describe('heatOf', () => {
  it('places cells in the order of the axes and uses the whole scale', () => {
    const heat = heatOf(data);
    expect(heat.xs).toEqual(['"a"', '"c"', '"b"']);
    expect([heat.low, heat.high]).toEqual([1, 9]);
    expect(heatOf({ columns: [], rows: [] })).toMatchObject({ low: 0, high: 1, cells: [] });
    expect(heatOf({ columns: [], rows: [row('a', 'p', -4)] })).toMatchObject({ low: -5, high: -4 });
  });

  it('goes by arrows from cell to cell, over holes, and stays at the edges', () => {
    const heat = heatOf(data);
    expect(moveInHeat(heat, null, 'ArrowRight')).toBe(0);
    expect(moveInHeat(heat, 0, 'ArrowRight')).toBe(1);
    expect(moveInHeat(heat, 1, 'ArrowRight')).toBe(1);
    expect(moveInHeat(heat, 2, 'ArrowRight')).toBe(3);
    expect(moveInHeat(heat, 2, 'ArrowUp')).toBe(0);
    expect(moveInHeat(heat, 0, 'Enter')).toBeNull();
  });
});

describe('placeFor', () => {
  const column = (type: string): Column => ({ name: 'c', type });
  const chart = (spec: Partial<ChartSpec>): ChartSpec => ({ from: 't', type: 'bar', ...spec });

  it('puts measures up, times across and a second name in colour', () => {
    expect(placeFor(chart({ x: 'a' }), column('DECIMAL(12,2)'))).toBe('y');
    expect(placeFor(chart({ x: 'a' }), column('DATE'))).toBe('x');
    expect(placeFor(chart({ x: 'a' }), column('VARCHAR'))).toBe('color');
    expect(placeFor(chart({}), column('VARCHAR'))).toBe('x');
    expect(placeFor(chart({ type: 'metric' }), column('VARCHAR'))).toBeNull();
    expect(placeFor(chart({ type: 'histogram' }), column('BIGINT'))).toBe('x');
  });
});

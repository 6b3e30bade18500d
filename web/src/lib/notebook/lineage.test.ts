import { describe, expect, it } from 'vitest';
import { layLineage } from './lineage.ts';

const reads = new Map([
  ['raw', []],
  ['orders', ['raw']],
  ['other', []],
  ['sales', ['orders', 'raw']],
]);
const names = ['sales', 'other', 'orders', 'raw'];

describe('the list of lineage', () => {
  it('orders cells by the work and sets each at its depth', () => {
    const { rows, focused } = layLineage(names, reads, '');
    expect(focused).toBe(false);
    expect(rows.map((row) => row.name)).toEqual(['other', 'raw', 'orders', 'sales']);
    expect(rows.map((row) => row.x)).toEqual([6, 6, 22, 38]);
  });
  it('shows only what is above and below the cell that is looked at', () => {
    expect(layLineage(names, reads, 'orders').rows.map((row) => row.name)).toEqual(['raw', 'orders', 'sales']);
  });
  it('shows everything for a cell that nothing is tied to', () => {
    expect(layLineage(names, reads, 'other').rows).toHaveLength(4);
  });
  it('draws one line per reading between cells that are shown', () => {
    expect(layLineage(names, reads, 'orders').paths).toHaveLength(3);
  });
  it('ends on a cycle', () => {
    const round = new Map([
      ['a', ['b']],
      ['b', ['a']],
    ]);
    expect(layLineage(['a', 'b'], round, '').rows).toHaveLength(2);
  });
});

import type { DashboardData, DashboardTile, ResultPage } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { tileCsv } from './csv.ts';
import { newer } from './newer.ts';

const page: ResultPage = {
  columns: [
    { name: 'x', type: 'VARCHAR' },
    { name: 'y0', type: 'DECIMAL(12,2)' },
    { name: 'total', type: 'BIGINT' },
  ],
  rows: [
    ['=cmd()', '12.50', '2'],
    ['a "b", c', '-3.00', '2'],
    [null, null, '2'],
  ],
  totalRows: 3,
  truncated: false,
};
const tile: DashboardTile = {
  id: 't',
  x: 0,
  y: 0,
  w: 6,
  h: 5,
  title: 'T',
  kind: 'chart',
  chart: { type: 'bar', x: 'channel', y: { column: 'amount', label: 'sales' } },
};

describe('the data of a tile as CSV', () => {
  it('has the names people know, exact values, and no formulas', () => {
    expect(tileCsv(tile, page)).toBe(`channel,sales\r\n'=cmd(),12.50\r\n"a ""b"", c",-3.00\r\n,\r\n`);
  });
});

describe('new results', () => {
  const data = (dataAt: string): DashboardData => ({
    params: {},
    tiles: { a: { state: 'ok', page, dataAt }, b: { state: 'never-run' } },
    oldestDataAt: dataAt,
  });

  it('are tiles whose data is of another time', () => {
    expect(newer(data('2025-11-20T14:30:00Z'), data('2025-11-20T14:45:00Z'))).toEqual(['a']);
    expect(newer(data('2025-11-20T14:30:00Z'), data('2025-11-20T14:30:00Z'))).toEqual([]);
  });
});

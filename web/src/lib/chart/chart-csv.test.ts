import { expect, test } from 'vitest';

import { chartCsv } from './chart-csv.ts';
import type { ChartRows } from './rows.ts';

const data: ChartRows = {
  columns: [
    { name: 'x', type: 'DATE' },
    { name: 'y0', type: 'DOUBLE' },
    { name: 'color', type: 'VARCHAR' },
    { name: 'total', type: 'BIGINT' },
  ],
  rows: [
    { x: Date.UTC(2026, 2, 1), y0: -1.5, color: '=cmd', total: 2 },
    { x: Date.UTC(2026, 2, 2), y0: null, color: 'São Paulo', total: 2 },
  ],
};

test('a picture is saved as CSV by the names of its table, with dates as dates and without what only the picture needs', () => {
  const spec = { type: 'line', x: 'day', y: { column: 'amount', aggregate: 'sum', label: 'Sales' }, color: 'city' };
  const text = chartCsv(spec as Parameters<typeof chartCsv>[0], data);
  expect(text).toBe('day,Sales,city\r\n2026-03-01,-1.5,"\'=cmd"\r\n2026-03-02,,São Paulo\r\n');
});

import { type ChartSpec, chartDiagnostics, chartQuery, type Column, quoteIdentifier } from '@datacraft/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDuckPool } from '../duckdb/pool.ts';
import type { DuckPool, DuckSession } from '../duckdb/session.ts';

let pool: DuckPool;
let session: DuckSession;

beforeAll(async () => {
  pool = createDuckPool();
  session = await pool.open();
  await session.run(`create table sales as select
    timestamp '2025-01-01' + to_minutes(i::bigint * 7) as at,
    date '2025-01-01' + (i % 60)::integer as day,
    'c' || (i % 12) as channel,
    (case when i = 5000 then 1e6 else sin(i / 500.0) * 100 end)::double as amount,
    (i % 97)::bigint as quantity,
    (i % 3 = 0) as late,
    to_timestamp(i * 1000) as seen
    from range(10000) t(i)`);
  await session.run(`create table empty as select * from sales limit 0`);
  await session.run(
    `create table holes as select null::varchar as kind, null::double as x, 'NaN'::double as y union all select 'a', 'Infinity'::double, 1`,
  );
});
afterAll(async () => {
  await session.close();
  await pool.stop();
});

async function ask(spec: Omit<ChartSpec, 'from'>, from = 'sales'): Promise<Record<string, unknown>[]> {
  const columns = await session.describe(`select * from ${quoteIdentifier(from)}`);
  const { sql, roles } = chartQuery({ ...spec, from }, columns);
  const page = await session.rows(sql, { limit: 100_000 });
  for (const role of Object.values(roles)) expect(page.columns.map((column) => column.name)).toContain(role);
  return page.rows.map((row) => Object.fromEntries(page.columns.map((column, at) => [column.name, row[at]])));
}

const every: readonly Omit<ChartSpec, 'from'>[] = [
  { type: 'line', x: { column: 'at', bucket: 'day' }, y: 'amount' },
  {
    type: 'line',
    x: { column: 'seen', bucket: 'month' },
    y: ['amount', { column: 'quantity', aggregate: 'avg' }],
    color: 'channel',
  },
  { type: 'line', x: 'at', y: { column: 'amount', aggregate: 'none' } },
  { type: 'line', x: 'channel', y: 'amount' },
  { type: 'area', x: { column: 'day', bucket: 'week' }, y: 'quantity', color: 'channel', stack: true },
  { type: 'bar', x: 'channel', y: { column: 'amount', aggregate: 'median' } },
  { type: 'bar', x: 'channel', y: 'quantity', color: 'late', sort: 'x', limit: 3 },
  { type: 'bar', x: 'channel' },
  { type: 'funnel', x: 'channel', y: { column: 'late', aggregate: 'count' } },
  { type: 'scatter', x: 'quantity', y: 'amount', color: 'channel', size: 'quantity' },
  { type: 'pie', x: 'channel', y: { column: 'quantity', aggregate: 'avg' } },
  { type: 'heatmap', x: { column: 'day', bucket: 'week' }, y: 'channel', value: 'amount' },
  { type: 'heatmap', x: 'channel', y: 'late' },
  { type: 'histogram', x: 'amount', bins: 20 },
  { type: 'histogram', x: 'quantity', color: 'late' },
  { type: 'histogram', x: 'at' },
  { type: 'boxplot', x: 'channel', y: 'amount' },
  { type: 'boxplot', y: 'quantity' },
  { type: 'sankey', x: 'channel', y: 'late', value: 'amount' },
  { type: 'sankey', x: 'channel', y: { column: 'day', bucket: 'month' } },
  { type: 'candlestick', x: { column: 'at', bucket: 'day' }, y: 'amount' },
  { type: 'candlestick', x: 'day', y: ['amount', 'quantity', 'amount', 'quantity'] },
  { type: 'map', x: 'quantity', y: 'amount', size: 'quantity', color: 'channel' },
  { type: 'metric', value: 'amount', compare: { column: 'quantity', aggregate: 'max' } },
  { type: 'metric' },
  { type: 'table', columns: ['day', 'channel'], sort: '-x', limit: 5 },
  { type: 'table' },
  { type: 'pivot', rows: ['channel'], columns: ['late'], values: ['amount', { column: 'quantity', aggregate: 'max' }] },
];

describe('chartQuery', () => {
  it.each(every.map((spec) => [`${spec.type} ${JSON.stringify(spec)}`, spec] as const))(
    'runs in DuckDB: %s',
    async (_, spec) => {
      expect((await ask(spec)).length).toBeGreaterThan(0);
      await ask(spec, 'empty');
    },
  );

  it('keeps the spike of a long line and at most four points per pixel column', async () => {
    const rows = await ask({ type: 'line', x: 'at', y: { column: 'amount', aggregate: 'none' } });
    expect(rows.length).toBeLessThanOrEqual(2_000);
    expect(rows.length).toBeGreaterThan(500);
    expect(Math.max(...rows.map((row) => Number(row['y0'])))).toBe(1e6);
    expect(Number(rows[0]?.['total'])).toBe(10_000);
    expect(rows.map((row) => String(row['x']))).toEqual(rows.map((row) => String(row['x'])).sort());
  });

  it('gives eight series a colour and computes the rest as one from its rows', async () => {
    const rows = await ask({ type: 'bar', x: 'late', y: { column: 'quantity', aggregate: 'count' }, color: 'channel' });
    expect(new Set(rows.filter((row) => row['others'] === false).map((row) => row['color'])).size).toBe(8);
    expect(rows.filter((row) => row['others'] === true).length).toBe(2);
    expect(rows.reduce((sum, row) => sum + Number(row['y0']), 0)).toBe(10_000);
  });

  it('averages the others of a pie over their rows', async () => {
    const rows = await ask({ type: 'pie', x: 'channel', y: { column: 'amount', aggregate: 'count' }, limit: 2 });
    expect(rows.map((row) => row['others'])).toEqual([false, false, true]);
    expect(rows.reduce((sum, row) => sum + Number(row['y0']), 0)).toBe(10_000);
  });

  it('samples a scatter and says of how many, the same each time', async () => {
    const spec = { type: 'scatter', x: 'quantity', y: 'amount' } as const;
    const rows = await ask(spec);
    expect(rows.length).toBe(5_000);
    expect(Number(rows[0]?.['total'])).toBe(10_000);
    expect(await ask(spec)).toEqual(rows);
  });

  it('counts every finite value of a histogram once', async () => {
    const rows = await ask({ type: 'histogram', x: 'quantity', bins: 10 });
    expect(rows.reduce((sum, row) => sum + Number(row['y0']), 0)).toBe(10_000);
    expect(rows.length).toBe(10);
  });

  it('leaves NaN and infinity out of bins and boxes without failing', async () => {
    expect(await ask({ type: 'histogram', x: 'x' }, 'holes')).toEqual([]);
    expect((await ask({ type: 'boxplot', x: 'kind', y: 'y' }, 'holes')).length).toBe(1);
    await ask({ type: 'line', x: 'x', y: 'y', color: 'kind' }, 'holes');
    await ask({ type: 'bar', x: 'kind', y: 'y' }, 'holes');
  });

  it('reads columns of any name, and no name is run as SQL', { timeout: 60_000 }, async () => {
    const name = fc.oneof(
      fc.constantFrom(
        'a"b',
        "o'brien",
        '"; drop table sales; --',
        'x',
        'y0',
        'total',
        'color',
        'select',
        'ação',
        '$1',
        'a.b',
        '*',
        ' ',
        'k',
        'base',
      ),
      fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\0') && text.isWellFormed()),
    );
    const names = fc.uniqueArray(name, { minLength: 3, maxLength: 3, selector: (text) => text.toLowerCase() });
    await fc.assert(
      fc.asyncProperty(names, fc.constantFrom(...every), async ([a = 'a', b = 'b', c = 'c'], like) => {
        const columns: Column[] = [
          { name: a, type: 'TIMESTAMP' },
          { name: b, type: 'DOUBLE' },
          { name: c, type: 'VARCHAR' },
        ];
        const from = `(select "at" as ${quoteIdentifier(a)}, amount as ${quoteIdentifier(b)}, channel as ${quoteIdentifier(c)} from sales limit 50) as t`;
        const spec: ChartSpec = {
          from: 'sales',
          type: like.type,
          x: like.type === 'histogram' ? b : a,
          y: b,
          ...(like.color === undefined ? {} : { color: c }),
          rows: [c],
          columns: [a],
          values: [b],
          value: b,
        };
        await session.rows(chartQuery(spec, columns, from).sql);
      }),
      { numRuns: 120 },
    );
    expect((await session.rows('select count(*) from sales')).rows).toEqual([['10000']]);
  });
});

describe('chartDiagnostics', () => {
  const columns: Column[] = [
    { name: 'channel', type: 'VARCHAR' },
    { name: 'amount', type: 'DECIMAL(12,2)' },
    { name: 'at', type: 'TIMESTAMP' },
  ];

  it('names the nearest column', () => {
    const [issue] = chartDiagnostics({ from: 'sales', type: 'bar', x: 'chanel', y: 'amount' }, columns);
    expect(issue).toMatchObject({ path: ['x'], code: 'unknown-column', suggestion: 'channel' });
  });

  it('refuses a sum of text, a bucket of text and a histogram of text', () => {
    const codes = (spec: Omit<ChartSpec, 'from'>) =>
      chartDiagnostics({ ...spec, from: 'sales' }, columns).map((issue) => issue.code);
    expect(codes({ type: 'bar', x: 'at', y: { column: 'channel', aggregate: 'sum' } })).toEqual(['wrong-type']);
    expect(codes({ type: 'line', x: { column: 'channel', bucket: 'day' }, y: 'amount' })).toEqual(['wrong-type']);
    expect(codes({ type: 'histogram', x: 'channel' })).toEqual(['wrong-type']);
  });

  it('finds nothing wrong with a good chart', () => {
    expect(
      chartDiagnostics({ from: 'sales', type: 'line', x: { column: 'at', bucket: 'week' }, y: 'amount' }, columns),
    ).toEqual([]);
  });
});

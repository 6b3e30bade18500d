import { describe, expect, it } from 'vitest';

import { ColorScope, type ChartTheme } from './colors.ts';
import { formatter, timeFormatter } from './format.ts';
import { axisOf } from './axes.ts';
import { chartOption } from './option.ts';
import { pivotOf } from './pivot.ts';
import { rowsOfPage } from './rows.ts';
import { type ChartPicture, seriesOf } from './series.ts';
import { suggestCharts } from './suggest.ts';

const theme: ChartTheme = {
  categories: ['1', '2', '3', '4', '5', '6', '7', '8'],
  muted: 'm',
  grid: 'g',
  axis: 'a',
  baseline: 'b',
  text1: 't',
  text2: 'u',
  sequence: ['s'],
  font: 'f',
  page: 'p',
};
const words = { others: 'others', none: 'none', count: 'rows' };
const page = (columns: [string, string][], rows: unknown[][]) =>
  rowsOfPage({
    columns: columns.map(([name, type]) => ({ name, type })),
    rows,
    totalRows: rows.length,
    truncated: false,
  });

describe('chart series', () => {
  const spec: ChartPicture = { type: 'bar', x: 'c', y: 'v', color: 'k' };
  const rows = page(
    [
      ['x', 'VARCHAR'],
      ['y0', 'DECIMAL(12,2)'],
      ['color', 'VARCHAR'],
      ['others', 'BOOLEAN'],
    ],
    [
      ['a', '1.50', 'App', false],
      ['a', '2', null, true],
      ['a', '3', 'Site', false],
    ],
  );

  it('bind a colour to the value, the same in every chart of a scope', () => {
    const scope = new ColorScope();
    scope.placeOf('Site');
    const series = seriesOf(spec, rows, theme, scope, words);
    expect(series.map(({ name, color }) => [name, color])).toEqual([
      ['App', '2'],
      ['Site', '1'],
      ['others', 'm'],
    ]);
  });

  it('read exact texts of the wire as numbers and times in UTC', () => {
    expect(rows.rows[0]?.['y0']).toBe(1.5);
    expect(page([['x', 'TIMESTAMP']], [['2025-01-02T00:00:00']]).rows[0]?.['x']).toBe(Date.UTC(2025, 0, 2));
  });
});

describe('chartOption', () => {
  it.each(['line', 'area', 'bar', 'scatter', 'pie', 'histogram', 'boxplot', 'heatmap'] as const)(
    'draws an empty and a full %s without boxes of the library',
    (type) => {
      const spec: ChartPicture = { type, x: 'a', y: 'b' };
      const columns: [string, string][] = [
        ['x', 'DOUBLE'],
        ['x1', 'DOUBLE'],
        ['y0', 'DOUBLE'],
        ['value', 'DOUBLE'],
      ];
      for (const data of [
        page(columns, []),
        page(columns, [
          [1, 2, 3, 4],
          [2, 3, null, 1],
        ]),
      ]) {
        const series = seriesOf(spec, data, theme, new ColorScope(), words);
        const option = chartOption(spec, data, series, {
          theme,
          language: 'en',
          width: 400,
          height: 200,
          animate: false,
        });
        expect(option).not.toHaveProperty('tooltip');
        expect(option['series']).toBeInstanceOf(Array);
      }
    },
  );

  it('lets names lean where they do not fit side by side, and leaves none out', () => {
    const spec: ChartPicture = { type: 'bar', x: 'c', y: ['a', 'b'] };
    const bars = (names: readonly string[], width: number) => {
      const columns: [string, string][] = [
        ['x', 'VARCHAR'],
        ['y0', 'DOUBLE'],
        ['y1', 'DOUBLE'],
      ];
      const data = page(
        columns,
        names.map((name) => [name, 1, 2]),
      );
      const series = seriesOf(spec, data, theme, new ColorScope(), words);
      const option = chartOption(spec, data, series, { theme, language: 'en', width, height: 200, animate: false });
      return (option['xAxis'] as { axisLabel: Record<string, unknown> }).axisLabel;
    };
    const long = ['debt consolidation', 'home improvement', 'small business', 'major purchase', 'vacation', 'wedding'];
    expect(bars(['a', 'b'], 400)).toMatchObject({ rotate: 0, hideOverlap: true });
    expect(bars(long, 360)).toMatchObject({ rotate: 40, interval: 0 });
    expect(bars(long, 1200)).toMatchObject({ rotate: 0 });
    expect(
      bars(
        Array.from({ length: 60 }, (_, at) => `name ${at}`),
        360,
      ),
    ).toMatchObject({ rotate: 0, hideOverlap: true });
  });

  it('puts dates on a scale for lines and in bands for bars', () => {
    const data = page(
      [
        ['x', 'DATE'],
        ['y0', 'DOUBLE'],
      ],
      [['2025-01-01', 1]],
    );
    expect(axisOf({ type: 'line', x: 'd' }, data, 'en').kind).toBe('time');
    expect(axisOf({ type: 'bar', x: 'd' }, data, 'en').kind).toBe('category');
  });
});

describe('formats', () => {
  it('write reais as Brazil does in any language', () => {
    expect(formatter('currency:BRL', 'en')(1289.9).replace(/\s/g, ' ')).toBe('R$ 1.289,90');
    expect(formatter('percent', 'pt-BR')(0.125)).toBe('12,5%');
    expect([0, 0.0042, -0.0042, 0.123].map((value) => formatter(null, 'en')(value))).toEqual([
      '0',
      '0.0042',
      '-0.0042',
      '0.12',
    ]);
    expect(formatter('compact', 'en')(1_200_000)).toBe('1.2M');
    expect(timeFormatter('en', 'month', 0)(Date.UTC(2025, 10, 1))).toBe('Nov 2025');
    const at = Date.UTC(2025, 10, 1, 14, 33, 20);
    expect(timeFormatter('en', null, 90_000)(at)).toBe('14:33:20');
    expect(timeFormatter('en', null, 3_600_000)(at)).toBe('14:33');
  });
});

describe('pivotOf', () => {
  it('crosses rows and columns and leaves holes empty', () => {
    const data = page(
      [
        ['row0', 'VARCHAR'],
        ['column0', 'VARCHAR'],
        ['value0', 'BIGINT'],
      ],
      [
        ['a', 'y', '1'],
        ['b', 'x', '2'],
      ],
    );
    const pivot = pivotOf(data, 1, 1);
    expect(pivot.columns).toEqual([['x'], ['y']]);
    expect([pivot.cell(0, 0, 0), pivot.cell(0, 1, 0), pivot.cell(1, 0, 0)]).toEqual([null, 1, 2]);
  });
});

describe('suggestCharts', () => {
  it('sums no keys and shows the chosen column', () => {
    const columns = [
      { name: 'order_id', type: 'BIGINT' },
      { name: 'at', type: 'TIMESTAMP' },
      { name: 'uf', type: 'VARCHAR' },
      { name: 'amount', type: 'DOUBLE' },
    ];
    expect(suggestCharts('o', columns)[0]).toMatchObject({ type: 'line', y: 'amount' });
    expect(suggestCharts('o', columns, 'uf').every((chart) => JSON.stringify(chart).includes('"uf"'))).toBe(true);
  });
});

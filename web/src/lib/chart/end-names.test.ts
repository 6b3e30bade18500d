import { expect, it } from 'vitest';

import { chartOption } from './option.ts';
import { init } from './charts.ts';
import { ColorScope } from './colors.ts';
import { partEndNames, partedBy } from './end-names.ts';
import type { ChartRows } from './rows.ts';
import { type ChartPicture, seriesOf } from './series.ts';
import { theme } from './testing/theme.ts';

it('places go apart around where they were, in their order, and what has room stays', () => {
  expect(partedBy(10, [50, 50])).toEqual([45, 55]);
  expect(partedBy(10, [52, 50])).toEqual([56, 46]);
  expect(partedBy(10, [20, 50, 55, 90])).toEqual([20, 47.5, 57.5, 90]);
  expect(partedBy(10, [8, 8], { from: 7, to: 100 })).toEqual([7, 17]);
  expect(partedBy(10, [2, 14, 98, 99], { from: 7, to: 100 })).toEqual([7, 17, 90, 100]);
  const many = partedBy(10, [30, 31, 29, 42, 3]);
  const sorted = many.toSorted((a, b) => a - b);
  for (const [at, place] of sorted.slice(1).entries()) expect(place - (sorted[at] ?? 0)).toBeGreaterThanOrEqual(10);
  expect(many[4]).toBe(3);
});

it('names of lines that end at one place are read one below the other', () => {
  const spec: ChartPicture = {
    type: 'line',
    x: 'x',
    y: ['came', 'said', 'asked'].map((label) => ({ column: label, label })),
  };
  const columns = ['x', 'y0', 'y1', 'y2'].map((name) => ({ name, type: 'DOUBLE' }));
  const rows = [
    { x: 0, y0: 0, y1: 0.1, y2: 0.4 },
    { x: 1, y0: 0.9, y1: 0.9, y2: 0.89 },
    { x: 2, y0: 1, y1: 1, y2: null },
  ];
  const data = { columns, rows };
  const chart = drawn(spec, data);
  expect(closest(chart.renderToSVGString())).toBeLessThan(5);
  partEndNames(chart);
  expect(closest(chart.renderToSVGString())).toBeGreaterThan(13);
  chart.dispose();
});

function drawn(spec: ChartPicture, data: ChartRows): ReturnType<typeof init> {
  const colors = new ColorScope();
  const size = { width: 500, height: 200 };
  const series = seriesOf(spec, data, theme, colors, { others: 'others', none: '–', count: 'count' });
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption(chartOption(spec, data, series, { theme, language: 'en', animate: false, ...size }, colors));
  return chart;
}

/** Of the names at the ends, how near the nearest two stand. */
function closest(svg: string): number {
  const places = [...svg.matchAll(/<text[^>]*translate\([\d.]+ ([\d.]+)\)[^>]*>\s*(?:came|said|asked)</g)].map(
    (found) => Number(found[1]),
  );
  expect(places).toHaveLength(3);
  const sorted = places.toSorted((a, b) => a - b);
  return Math.min(...sorted.slice(1).map((place, at) => place - (sorted[at] ?? 0)));
}

it('the name of a line that ends within the picture stands beside it, as the others do', () => {
  const spec: ChartPicture = { type: 'line', x: 'x', y: ['sold', 'ahead'].map((label) => ({ column: label, label })) };
  const columns = ['x', 'y0', 'y1'].map((name) => ({ name, type: 'DOUBLE' }));
  const rows = [
    { x: 0, y0: 0, y1: null },
    { x: 1, y0: 9, y1: 9 },
    { x: 2, y0: null, y1: 4 },
  ];
  const chart = drawn(spec, { columns, rows });
  partEndNames(chart);
  const left = (name: string) =>
    Number(
      new RegExp(`<text[^>]*translate\\(([\\d.]+) [\\d.]+\\)[^>]*>\\s*${name}<`).exec(chart.renderToSVGString())?.[1],
    );
  expect(left('sold')).toBeCloseTo(left('ahead'), 0);
  chart.dispose();
});

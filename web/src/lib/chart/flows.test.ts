import { describe, expect, it } from 'vitest';
import { ColorScope } from './colors.ts';
import { init } from './charts.ts';
import { chartOption } from './option.ts';
import type { ChartRows } from './rows.ts';
import { type ChartPicture, seriesOf } from './series.ts';
import { theme } from './testing/theme.ts';

const size = { width: 480, height: 240 };
const rowsOf = (columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): ChartRows => ({
  columns: columns.map((name) => ({
    name,
    type: typeof rows[0]?.[columns.indexOf(name)] === 'number' ? 'DOUBLE' : 'VARCHAR',
  })),
  rows: rows.map((row) => Object.fromEntries(row.map((value, at) => [columns[at] ?? '', value]))),
});

function picture(spec: ChartPicture, data: ChartRows): string {
  const colors = new ColorScope();
  const series =
    spec.type === 'map' ? seriesOf(spec, data, theme, colors, { others: 'others', none: '–', count: 'count' }) : [];
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption(chartOption(spec, data, series, { theme, language: 'en', animate: false, ...size }, colors));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

describe('a sankey', () => {
  const flows = (...pairs: [string, string][]) =>
    rowsOf(
      ['x', 'target', 'y0'],
      pairs.map(([x, target], at) => [x, target, at + 1]),
    );

  it('joins flows where the end of one is the beginning of another', () => {
    const svg = picture(
      { type: 'sankey', x: 'a', y: 'b' },
      flows(['visit', 'cart'], ['cart', 'order'], ['cart', 'left']),
    );
    expect([...svg.matchAll(/>(visit|cart|order|left)</g)]).toHaveLength(4);
  });

  it('is drawn when flows go in a circle, with both ends of each', () => {
    const svg = picture({ type: 'sankey', x: 'a', y: 'b' }, flows(['a', 'b'], ['b', 'a'], ['c', 'c']));
    expect([...svg.matchAll(/>(a|b|c)</g)]).toHaveLength(6);
  });
});

describe('a candlestick', () => {
  it('has a candle for each row', () => {
    const data = rowsOf(
      ['x', 'open', 'high', 'low', 'y0'],
      [
        ['mon', 1, 4, 0.5, 3],
        ['tue', 3, 3.5, 1, 2],
      ],
    );
    const empty = picture({ type: 'candlestick', x: 'd', y: 'v' }, { ...data, rows: data.rows.slice(0, 1) });
    expect(picture({ type: 'candlestick', x: 'd', y: 'v' }, data).match(/<path/g)?.length).toBeGreaterThan(
      empty.match(/<path/g)?.length ?? 0,
    );
  });
});

describe('a map', () => {
  it('shows each point over the land', () => {
    const paths = (...points: [number, number, number][]) =>
      picture({ type: 'map', x: 'lon', y: 'lat' }, rowsOf(['x', 'y0', 'size'], points)).match(/<path/g)?.length ?? 0;
    const one = paths([-46.6, -23.5, 3]);
    expect(one).toBeGreaterThan(100);
    expect(paths([-46.6, -23.5, 3], [-43.2, -22.9, 1]) - one).toBe(1);
  });
});

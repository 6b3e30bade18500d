import type { ResultPage } from '@datacraft/shared';
import { describe, expect, it, vi } from 'vitest';
import { ColorScope } from '#lib/chart/colors.ts';
import { rowsOfPage } from '#lib/chart/rows.ts';
import type { ChartPicture } from '#lib/chart/series.ts';
import { draw } from './picture.ts';

/** The language is a rune; on a server it is a plain variable. */
vi.hoisted(() => Object.assign(globalThis, { $state: <Value>(value: Value) => value }));

const hostile = [
  '<img src=x onerror=window.pwned=1>',
  '</script><script>window.pwned=2</script>',
  ']]><svg onload=window.pwned=3>',
  `"' onmouseover="window.pwned=4`,
  '\u202Eleft\u202C',
  '{a|rich}',
  'a&lt;b&#60;',
];
const column = (name: string, type: string) => ({ name, type });
const paged = (columns: ResultPage['columns'], rows: ResultPage['rows']): ResultPage => ({
  columns,
  rows,
  totalRows: rows.length,
  truncated: false,
});
const xy = paged(
  [column('x', 'VARCHAR'), column('y0', 'BIGINT'), column('color', 'VARCHAR'), column('total', 'BIGINT')],
  hostile.map((name, at) => [name, String(at + 1), name, String(hostile.length)]),
);
const points = paged(
  [column('x', 'BIGINT'), column('y0', 'BIGINT'), column('color', 'VARCHAR')],
  hostile.map((name, at) => [String(at), String(at), name]),
);
const grid = paged(
  [column('x', 'VARCHAR'), column('y', 'VARCHAR'), column('value', 'BIGINT')],
  hostile.map((name, at) => [name, name, String(at)]),
);
const boxes = paged(
  ['x', 'low', 'q1', 'middle', 'q3', 'high', 'n'].map((name) => column(name, name === 'x' ? 'VARCHAR' : 'DOUBLE')),
  hostile.map((name) => [name, 1, 2, 3, 4, 5, 9]),
);
const cases: [ChartPicture, ResultPage][] = [
  [{ type: 'bar', x: 'name', y: 'v' }, xy],
  [{ type: 'bar', x: 'name', y: 'v', color: 'name' }, xy],
  [{ type: 'line', x: 'name', y: 'v', color: 'name' }, xy],
  [{ type: 'area', x: 'name', y: 'v', color: 'name' }, xy],
  [{ type: 'pie', x: 'name', y: 'v' }, xy],
  [{ type: 'scatter', x: 'v', y: 'v', color: 'name' }, points],
  [{ type: 'heatmap', x: 'name', y: 'name', value: 'v' }, grid],
  [{ type: 'boxplot', x: 'name', y: 'v' }, boxes],
];

describe('the picture of a chart', () => {
  it.each(cases)('holds names from data as text only: $type', (spec, page) => {
    const picture = draw(spec, rowsOfPage(page), new ColorScope(), 'en', { width: 900, height: 400 });
    const svg = picture?.svg ?? '';
    expect(svg).toMatch(/^<svg /);
    const tags = new Set([...svg.matchAll(/<\/?([^\s>/]+)/g)].map(([, tag]) => tag));
    expect(
      [...tags].filter(
        (tag) =>
          !['svg', 'g', 'path', 'text', 'rect', 'defs', 'clipPath', 'polyline', 'polygon', 'tspan', 'circle'].includes(
            tag ?? '',
          ),
      ),
    ).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(svg).not.toMatch(/<[^>]*\son\w+\s*=/);
    expect(svg).not.toContain(']]>');
    expect(svg).not.toMatch(/javascript:|<!\[CDATA/);
  });
});

it('gives each cell of a heatmap a step of the sequence by name', () => {
  const spec: ChartPicture = { type: 'heatmap', x: 'name', y: 'name', value: 'v' };
  const picture = draw(spec, rowsOfPage(grid), new ColorScope(), 'en', { width: 900, height: 400 });
  const fills = new Set([...(picture?.svg ?? '').matchAll(/fill="(var\(--seq-\d\))"/g)].map(([, fill]) => fill));
  expect(fills.size).toBe(7);
});

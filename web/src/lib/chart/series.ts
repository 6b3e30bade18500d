import type { ChartSpec } from '@datacraft/shared';

import type { ChartTheme, ColorScope } from './colors.ts';
import { labelOf, ysOf } from './format.ts';
import type { ChartRow, ChartRows, Point } from './rows.ts';

export type ChartPicture = Omit<ChartSpec, 'from'>;

export interface Series {
  readonly name: string;
  readonly color: string;
  readonly points: readonly { readonly x: Point; readonly y: number | null; readonly row: ChartRow }[];
}

export interface SeriesWords {
  readonly others: string;
  readonly none: string;
  readonly count: string;
}

/** One series per value of the colour column, or one per measure. */
export function seriesOf(
  spec: ChartPicture,
  { rows }: ChartRows,
  theme: ChartTheme,
  scope: ColorScope,
  words: SeriesWords,
): Series[] {
  const ys = ysOf(spec);
  const measures = ys.length === 0 ? [words.count] : ys.map(labelOf);
  const groups = new Map<string, { name: string; others: boolean; y: number; rows: ChartRow[] }>();
  for (const row of rows) {
    measures.forEach((measure, at) => {
      const others = row['others'] === true;
      const kind = others ? words.others : spec.color === undefined ? null : kindName(row['color'], words.none);
      const name = kind === null ? measure : measures.length > 1 ? `${kind}, ${measure}` : kind;
      const key = `${name}\u0000${others}`;
      const group = groups.get(key) ?? { name, others, y: at, rows: [] };
      group.rows.push(row);
      groups.set(key, group);
    });
  }
  return [...groups.values()]
    .sort((a, b) => Number(a.others) - Number(b.others))
    .map(({ name, others, y, rows: held }) => ({
      name,
      color: others ? theme.muted : colorOf(spec, name, theme, scope, y),
      points: held.map((row) => ({ x: row['x'] ?? null, y: numberOf(row[`y${y}`]), row })),
    }));
}

function kindName(value: Point | undefined, none: string): string {
  return value === null || value === undefined ? none : String(value);
}

/** One series is always the first colour; several measures go by place; values by the scope. */
function colorOf(spec: ChartPicture, name: string, theme: ChartTheme, scope: ColorScope, place: number): string {
  if (spec.color === undefined) return theme.categories[place % theme.categories.length] ?? theme.muted;
  const bound = scope.placeOf(name);
  return bound === null ? theme.muted : (theme.categories[bound - 1] ?? theme.muted);
}

/** One series per slice; what is summed up as others is muted. */
export function slicesOf(
  { rows }: ChartRows,
  theme: ChartTheme,
  scope: ColorScope,
  words: SeriesWords,
  nameOf: (x: Point) => string,
): Series[] {
  return rows.map((row) => {
    const x = row['x'] ?? null;
    const isOthers = row['others'] === true;
    const name = isOthers ? words.others : nameOf(x);
    const place = isOthers ? null : scope.placeOf(name);
    const color = place === null ? theme.muted : (theme.categories[place - 1] ?? theme.muted);
    return { name, color, points: [{ x, y: numberOf(row['y0']), row }] };
  });
}

export function numberOf(value: Point | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

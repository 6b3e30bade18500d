/**
 * Charts as SVG text, drawn on the server so that the first paint waits for no script. The page's own chart takes the
 * place of the picture when it is ready; both come from `chartOption` and stand at the same height.
 *
 * Colours are the tokens by name, so that one picture is right in both themes.
 */
import type { DashboardView } from '@datacraft/shared';
import { init } from '#lib/chart/charts.ts';
import { CATEGORY_COUNT, ColorScope, type ChartTheme } from '#lib/chart/colors.ts';
import { flowSeries } from '#lib/chart/flows.ts';
import { words } from '#lib/chart/messages.ts';
import { axisOf } from '#lib/chart/axes.ts';
import { liesDown } from '#lib/chart/bar-option.ts';
import { partEndNames } from '#lib/chart/end-names.ts';
import { chartOption } from '#lib/chart/option.ts';
import { type ChartRows, rowsOfPage } from '#lib/chart/rows.ts';
import { type ChartPicture, numberOf, type Series, seriesOf } from '#lib/chart/series.ts';
import { chartHeight, isDrawn, type Screen, tileWidth } from './measure.ts';

export interface Picture {
  readonly svg: string;
  /** Named above the plot, as the page's chart does it. */
  readonly legend: readonly { readonly name: string; readonly color: string }[];
  /** Whether the line for the legend and the values under the pointer is kept free. */
  readonly hasReadout: boolean;
}

const SEQUENCE = 7;
const tokens: ChartTheme = {
  categories: Array.from({ length: CATEGORY_COUNT }, (_, at) => `var(--chart-${at + 1})`),
  muted: 'var(--chart-muted)',
  grid: 'var(--chart-grid)',
  axis: 'var(--chart-axis)',
  baseline: 'var(--line-3)',
  text1: 'var(--text-1)',
  text2: 'var(--text-2)',
  sequence: Array.from({ length: SEQUENCE }, (_, at) => `var(--seq-${at + 1})`),
  font: 'var(--font-text)',
  page: 'var(--surface-page)',
};

const kept = new Map<string, Picture>();
const MAX_KEPT = 500;

/** By tile id. A tile that cannot be drawn here is left to the page. */
export function picturesOf(view: DashboardView, language: string, screen: Screen): Record<string, Picture> {
  const colors = new ColorScope();
  const pictures: Record<string, Picture> = {};
  for (const tile of view.tiles) {
    const data = view.data.tiles[tile.id];
    if (tile.kind !== 'chart' || data?.state !== 'ok' || !isDrawn(tile.chart) || data.page.rows.length === 0) continue;
    const size = { width: tileWidth(tile, screen), height: chartHeight(tile, screen) };
    const key = JSON.stringify([tile.chart, data.page, language, size]);
    const picture = kept.get(key) ?? draw(tile.chart, rowsOfPage(data.page), colors, language, size);
    if (picture === null) continue;
    kept.delete(key);
    kept.set(key, picture);
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    pictures[tile.id] = picture;
  }
  return pictures;
}

export function draw(
  spec: ChartPicture,
  data: ChartRows,
  colors: ColorScope,
  language: string,
  size: { width: number; height: number },
): Picture | null {
  const series = seriesFor(spec, data, colors, language);
  const option = chartOption(spec, data, series, { theme: tokens, language, animate: false, ...size }, colors);
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption(spec.type === 'heatmap' ? stepped(option, data) : option);
    partEndNames(chart);
    return { svg: scaled(chart.renderToSVGString()), ...legendOf(spec, series, data) };
  } catch {
    // A picture is an advance on the real chart, which says what is wrong.
    return null;
  } finally {
    chart.dispose();
  }
}

function seriesFor(spec: ChartPicture, data: ChartRows, colors: ColorScope, language: string): Series[] {
  if (spec.type === 'heatmap' || spec.type === 'boxplot') return [];
  if (spec.type === 'sankey') return flowSeries(data, words().count, tokens.categories[0] ?? tokens.muted);
  if (spec.type !== 'pie') return seriesOf(spec, data, tokens, colors, words());
  const axis = axisOf(spec, data, language);
  return data.rows.map((row) => {
    const others = row['others'] === true;
    const name = others ? words().others : axis.format(row['x'] ?? null);
    const place = others ? null : colors.placeOf(name);
    const color = place === null ? tokens.muted : (tokens.categories[place - 1] ?? tokens.muted);
    return { name, color, points: [{ x: row['x'] ?? null, y: numberOf(row['y0']), row }] };
  });
}

function legendOf(spec: ChartPicture, series: readonly Series[], data: ChartRows): Omit<Picture, 'svg'> {
  const hasReadout = !['pie', 'sankey', 'map'].includes(spec.type) && !liesDown(spec, series, data);
  const stacked = spec.stack === true || (['bar', 'histogram'].includes(spec.type) && spec.color !== undefined);
  const named =
    series.length > 1 &&
    spec.type !== 'pie' &&
    (stacked || spec.type === 'scatter' || spec.type === 'bar' || series.length > 8);
  return { hasReadout, legend: named ? series.map(({ name, color }) => ({ name, color })) : [] };
}

/** Colours by name cannot be mixed: each cell takes the nearest step of the sequence. */
function stepped(option: ReturnType<typeof chartOption>, data: ChartRows): ReturnType<typeof chartOption> {
  const values = data.rows.map((row) => numberOf(row['value']));
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...known), Math.max(1, ...known)];
  const colorOf = (value: unknown) => {
    const share = typeof value === 'number' ? (value - low) / (high - low || 1) : 0;
    return tokens.sequence[Math.min(SEQUENCE - 1, Math.floor(share * SEQUENCE))] ?? tokens.muted;
  };
  const { visualMap: _mixed, ...rest } = option;
  const list: unknown = rest['series'];
  const [only] = Array.isArray(list) ? (list as { data: unknown[][] }[]) : [];
  if (!only) return rest;
  const colored = only.data.map((value) => ({ value, itemStyle: { color: colorOf(value[2]) } }));
  // A heatmap without a visual map is refused: this one leaves the colours alone.
  return {
    ...rest,
    visualMap: { show: false, seriesIndex: 0, dimension: 2, min: low, max: high, inRange: { opacity: [1, 1] } },
    series: [{ ...only, data: colored }],
  };
}

/** Fills the width it gets; its own size is only the ratio. Nobody points at a picture: it needs no styles. */
function scaled(svg: string): string {
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(
      /^<svg width="[\d.]+" height="[\d.]+"/,
      '<svg width="100%" height="100%" preserveAspectRatio="none" aria-hidden="true"',
    );
}

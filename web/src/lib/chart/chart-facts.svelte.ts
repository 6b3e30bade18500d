import { axisOf, yFormat } from './axes.ts';
import { liesDown } from './bar-option.ts';
import { categoryKey, reviveCategory } from './category.ts';
import type { ChartTheme, ColorScope } from './colors.ts';
import { flowSeries } from './flows.ts';
import { labelOf, ysOf } from './format.ts';
import { heatRowFormat } from './heat-option.ts';
import { heatOf } from './heat.ts';
import { words } from './messages.ts';
import { chartOption } from './option.ts';
import type { ChartRows, Point } from './rows.ts';
import { type ChartPicture, numberOf, type Series, seriesOf, slicesOf } from './series.ts';
import { summaryOf } from './summary.ts';

type Kind = ChartPicture['type'];

const withReadout: readonly Kind[] = [
  'line',
  'area',
  'bar',
  'heatmap',
  'boxplot',
  'histogram',
  'scatter',
  'candlestick',
];
/** Thinned to points over their whole range; bars and boxes are the first of many, bins and slices hold everything. */
const thinnedKinds: readonly Kind[] = ['line', 'area', 'scatter', 'map', 'sankey', 'candlestick'];
const cutKinds: readonly Kind[] = [...thinnedKinds, 'bar', 'boxplot'];

export interface ChartAsked {
  readonly spec: ChartPicture;
  readonly data: ChartRows;
  readonly colors: ColorScope;
  readonly language: string;
  /** Null until the place where the chart stands is known. */
  readonly theme: ChartTheme | null;
}

export interface Readout {
  readonly at: string;
  readonly values: readonly { readonly name: string; readonly color: string; readonly text: string }[];
}

/** What is drawn, read out and summed up of one chart; follows what it is asked for. */
export class ChartFacts {
  readonly #asked: () => ChartAsked;

  readonly isOwn = $derived.by(() => ['metric', 'table', 'pivot'].includes(this.#asked().spec.type));
  readonly series = $derived.by(() => this.#seriesNow());
  readonly axis = $derived.by(() => {
    const { spec, data, language } = this.#asked();
    return axisOf(spec, data, language);
  });
  readonly format = $derived.by(() => yFormat(this.#asked().spec, this.#asked().language));
  readonly heat = $derived.by(() => (this.#asked().spec.type === 'heatmap' ? heatOf(this.#asked().data) : null));
  /** Places of x that the readout can stand at, as category keys. */
  readonly stops = $derived([
    ...new Set(this.series.flatMap(({ points }) => points.map((point) => categoryKey(point.x)))),
  ]);
  readonly hasReadout = $derived.by(() => {
    const { spec, data, theme } = this.#asked();
    return withReadout.includes(spec.type) && !(theme !== null && liesDown(spec, this.series, data));
  });
  readonly hasLegend = $derived.by(() => {
    const { spec } = this.#asked();
    if (this.series.length < 2) return false;
    const isStacked =
      spec.type !== 'pie' &&
      (spec.stack === true || (['bar', 'histogram'].includes(spec.type) && spec.color !== undefined));
    return isStacked || ['scatter', 'map', 'bar'].includes(spec.type) || this.series.length > 8;
  });
  /** Rows of the whole where fewer are shown. */
  readonly thinnedFrom = $derived.by(() => {
    const { spec, data } = this.#asked();
    const total = numberOf(data.rows[0]?.['total']);
    const held = thinnedKinds.includes(spec.type)
      ? data.rows.length
      : new Set(data.rows.map((row) => categoryKey(row['x'] ?? null))).size;
    return total !== null && total > held && cutKinds.includes(spec.type) ? total : null;
  });
  readonly isCut = $derived.by(
    () => ['bar', 'boxplot'].includes(this.#asked().spec.type) || this.axis.kind === 'category',
  );
  readonly summary = $derived.by(() => {
    const { spec, data } = this.#asked();
    const facts = {
      type: words().types[spec.type],
      x: labelOf(spec.x),
      y: ysOf(spec).map(labelOf).join(', ') || words().count,
      isOrdered: this.axis.kind !== 'category' || /^(DATE|TIMESTAMP)/.test(data.columns[0]?.type ?? ''),
    };
    return `${spec.title ?? ''} ${summaryOf(facts, this.series, this.axis.format, this.format, words())}`.trim();
  });

  constructor(asked: () => ChartAsked) {
    this.#asked = asked;
  }

  #seriesNow(): Series[] {
    const { spec, data, theme, colors } = this.#asked();
    if (theme === null || this.isOwn || spec.type === 'heatmap' || spec.type === 'boxplot') return [];
    if (spec.type === 'pie') return slicesOf(data, theme, colors, words(), this.axis.format);
    if (spec.type === 'sankey') return flowSeries(data, words().count, theme.categories[0] ?? theme.muted);
    return seriesOf(spec, data, theme, colors, words());
  }

  optionFor(size: { width: number; height: number; animate: boolean }): ReturnType<typeof chartOption> | null {
    const { spec, data, theme, language, colors } = this.#asked();
    return theme === null ? null : chartOption(spec, data, this.series, { theme, language, ...size }, colors);
  }

  /** What stands at a stop, or in a cell of a heatmap. */
  readoutAt(active: number | null): Readout | null {
    if (active === null) return null;
    const { data, language } = this.#asked();
    const { heat, axis, format } = this;
    const cell = heat?.cells[active];
    if (heat && cell) {
      const row = heatRowFormat(data, language)(reviveCategory(heat.ys[cell.y] ?? 'null'));
      const text = cell.value === null ? '–' : format(cell.value);
      const at = `${axis.format(reviveCategory(heat.xs[cell.x] ?? 'null'))}, ${row}`;
      return { at, values: [{ name: '', color: '', text }] };
    }
    const key = this.stops[active];
    if (key === undefined) return null;
    const values = this.series.flatMap(({ name, color, points }) => {
      const point = points.find(({ x }) => categoryKey(x) === key);
      return point ? [{ name, color, text: point.y === null ? '–' : format(point.y) }] : [];
    });
    return { at: axis.format(JSON.parse(key) as Point), values };
  }
}

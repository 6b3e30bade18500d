import { categoryKey, reviveCategory } from './category.ts';
import type { ChartTheme } from './colors.ts';
import { type Format, axisFormatter, formatOf, formatter, timeFormatter, ysOf } from './format.ts';
import type { ChartRows, Point } from './rows.ts';
import { type ChartPicture, type Series, numberOf } from './series.ts';

export interface Frame {
  readonly theme: ChartTheme;
  readonly language: string;
  readonly width: number;
  readonly height: number;
  /** Off with reduced motion, and for pictures that are saved. */
  readonly animate: boolean;
}

export interface Axis {
  readonly kind: 'time' | 'value' | 'category';
  readonly format: (x: Point) => string;
}

export type Option = Record<string, unknown>;

/** How x is read and written: bars stand in categories, lines on a scale when there is one. */
export function axisOf(spec: ChartPicture, data: ChartRows, language: string): Axis {
  const type = data.columns.find((column) => column.name === 'x')?.type ?? 'VARCHAR';
  const banded =
    spec.type === 'bar' ||
    spec.type === 'funnel' ||
    spec.type === 'boxplot' ||
    spec.type === 'candlestick' ||
    spec.type === 'heatmap' ||
    spec.type === 'pie';
  if (/^(DATE|TIMESTAMP)/.test(type)) {
    const times = data.rows.flatMap((row) => numberOf(row['x']) ?? []);
    const span = times.length > 0 ? (times.at(-1) ?? 0) - (times[0] ?? 0) : 0;
    const bucket = typeof spec.x === 'object' ? (spec.x.bucket ?? null) : null;
    const format = timeFormatter(language, bucket, Math.abs(span));
    return { kind: banded ? 'category' : 'time', format: (x) => (typeof x === 'number' ? format(x) : '') };
  }
  const number = formatter(formatOf(spec.x), language);
  const isNumber = /INT|DECIMAL|DOUBLE|FLOAT|REAL|NUMERIC/.test(type);
  return {
    kind: isNumber && !banded ? 'value' : 'category',
    format: (x) => (typeof x === 'number' ? number(x) : x === null ? '–' : String(x)),
  };
}

export function yFormat(spec: ChartPicture, language: string): Format {
  return formatter(formatOf(ysOf(spec)[0] ?? spec.value), language);
}

export function largestOf(series: readonly Series[]): number {
  return series.reduce(
    (most, { points }) => points.reduce((high, point) => Math.max(high, Math.abs(point.y ?? 0)), most),
    0,
  );
}

export function valueAxis(spec: ChartPicture, frame: Frame, largest: number, more: Option = {}): Option {
  const { theme } = frame;
  const format = axisFormatter(formatOf(ysOf(spec)[0] ?? spec.value), frame.language, largest);
  return {
    type: 'value',
    splitNumber: frame.height < 180 ? 2 : 4,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.grid, width: 1 } },
    axisLabel: { color: theme.axis, fontSize: 11, formatter: (value: number) => format(value) },
    ...more,
  };
}

export function placeAxis(axis: Axis, frame: Frame, more: Option = {}, labels: Option = {}): Option {
  const { theme } = frame;
  const room = Math.max(2, Math.floor(frame.width / 96));
  return {
    type: axis.kind,
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.baseline } },
    axisTick: { show: false },
    splitLine: { show: false },
    splitNumber: room,
    axisLabel: {
      color: theme.axis,
      fontSize: 11,
      hideOverlap: true,
      rotate: 0,
      // A scale begins and ends where the picture does: its first time and its last number stand within.
      ...(axis.kind === 'time' ? { alignMinLabel: 'left' } : {}),
      ...(axis.kind === 'value' ? { alignMaxLabel: 'right' } : {}),
      formatter: (value: number | string) =>
        axis.format(axis.kind === 'category' ? reviveCategory(value) : Number(value)),
      ...labels,
    },
    axisPointer: {
      show: true,
      snap: true,
      label: { show: false },
      lineStyle: { color: theme.baseline, width: 1, type: 'solid' },
      triggerTooltip: false,
    },
    ...more,
  };
}

export function categoriesOf(series: readonly Series[]): string[] {
  return [...new Set(series.flatMap(({ points }) => points.map((point) => categoryKey(point.x))))];
}

import type { EChartsCoreOption } from 'echarts/core';

import { ColorScope, type ChartTheme } from './colors.ts';
import { sankeyOption } from './flows.ts';
import { axisFormatter, type Format, formatOf, formatter, timeFormatter, ysOf } from './format.ts';
import { categoryKey, reviveCategory } from './category.ts';
import { heatOf } from './heat.ts';
import type { ChartRow, ChartRows, Point } from './rows.ts';
import { type ChartPicture, numberOf, type Series } from './series.ts';
import { WORLD } from './world-name.ts';

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

type Option = Record<string, unknown>;

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

/** Categories with names, in a narrow picture of few: bars lie, so that names are read without turning. */
export function liesDown(spec: ChartPicture, series: readonly Series[], data: ChartRows): boolean {
  if (spec.type === 'funnel') return true;
  if (spec.type !== 'bar' || series.length !== 1) return false;
  const type = data.columns.find((column) => column.name === 'x')?.type ?? '';
  return /VARCHAR|ENUM|BOOLEAN/.test(type) && (series[0]?.points.length ?? 0) <= 16;
}

export function chartOption(
  spec: ChartPicture,
  data: ChartRows,
  series: readonly Series[],
  frame: Frame,
  colors: ColorScope = new ColorScope(),
): EChartsCoreOption {
  const base: Option = {
    animation: frame.animate,
    animationDuration: 120,
    textStyle: { fontFamily: frame.theme.font, fontSize: 11, color: frame.theme.text2 },
  };
  switch (spec.type) {
    case 'pie':
      return { ...base, ...pieOption(spec, series, frame) };
    case 'heatmap':
      return { ...base, ...heatmapOption(spec, data, frame) };
    case 'histogram':
      return { ...base, ...histogramOption(spec, series, frame, data) };
    case 'boxplot':
      return { ...base, ...boxOption(spec, data, frame) };
    case 'scatter':
      return { ...base, ...scatterOption(spec, data, series, frame) };
    case 'candlestick':
      return { ...base, ...candleOption(spec, data, frame) };
    case 'sankey':
      return { ...base, ...sankeyOption(data, frame.theme, colors, yFormat(spec, frame.language)) };
    case 'map':
      return { ...base, ...mapOption(series, data, frame) };
    default:
      return {
        ...base,
        ...(liesDown(spec, series, data) ? lyingBars(spec, data, series, frame) : upright(spec, data, series, frame)),
      };
  }
}

function largestOf(series: readonly Series[]): number {
  return series.reduce(
    (most, { points }) => points.reduce((high, point) => Math.max(high, Math.abs(point.y ?? 0)), most),
    0,
  );
}

function valueAxis(spec: ChartPicture, frame: Frame, largest: number, more: Option = {}): Option {
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

function placeAxis(axis: Axis, frame: Frame, more: Option = {}): Option {
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
      formatter: (value: number | string) =>
        axis.format(axis.kind === 'category' ? reviveCategory(value) : Number(value)),
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

function categoriesOf(series: readonly Series[]): string[] {
  return [...new Set(series.flatMap(({ points }) => points.map((point) => categoryKey(point.x))))];
}

function upright(spec: ChartPicture, data: ChartRows, series: readonly Series[], frame: Frame): Option {
  const axis = axisOf(spec, data, frame.language);
  const { theme } = frame;
  const isBar = spec.type === 'bar';
  const stacked = spec.stack ?? (isBar && series.length > 1 && spec.color !== undefined);
  const categories = categoriesOf(series);
  const names = !stacked && !isBar && series.length > 1 && series.length <= 8;
  const longest = names ? Math.max(...series.map(({ name }) => name.length)) : 0;
  return {
    grid: { left: 4, right: names ? Math.min(140, longest * 6.4 + 24) : 12, top: 8, bottom: 4, containLabel: true },
    xAxis: placeAxis(
      axis,
      frame,
      axis.kind === 'category' ? { data: categories, boundaryGap: isBar } : { min: 'dataMin', max: 'dataMax' },
    ),
    yAxis: valueAxis(spec, frame, largestOf(series), { scale: spec.type === 'line' && !stacked }),
    series: series.map(({ name, color, points }) => ({
      name,
      type: isBar ? 'bar' : 'line',
      data: points.map(({ x, y }) => [axis.kind === 'category' ? categoryKey(x) : x, y]),
      color,
      ...(stacked ? { stack: 'all' } : {}),
      ...(isBar
        ? {
            barMaxWidth: 48,
            barCategoryGap: '24%',
            itemStyle: { borderRadius: 1, borderColor: theme.page, borderWidth: stacked ? 0.5 : 0 },
          }
        : {
            showSymbol: points.length === 1,
            symbol: 'circle',
            symbolSize: 6,
            lineStyle: { width: 1.75 },
            connectNulls: false,
            ...(spec.type === 'area' ? { areaStyle: { opacity: stacked ? 0.75 : 0.1 } } : {}),
          }),
      ...(names
        ? {
            endLabel: {
              show: true,
              color: theme.text2,
              fontSize: 11,
              distance: 6,
              formatter: () => `{mark|■} ${name}`,
              rich: { mark: { color, fontSize: 8 } },
            },
            labelLayout: { moveOverlap: 'shiftY' },
          }
        : {}),
      emphasis: { disabled: true },
    })),
  };
}

function lyingBars(spec: ChartPicture, data: ChartRows, series: readonly Series[], frame: Frame): Option {
  const { theme, language } = frame;
  const axis = axisOf(spec, data, language);
  const format = yFormat(spec, language);
  const [only] = series;
  const points = only?.points ?? [];
  const total = points.reduce((sum, point) => sum + (point.y ?? 0), 0);
  const withShare = total > 0 && points.every((point) => (point.y ?? 0) >= 0) && spec.type === 'bar';
  const share = new Intl.NumberFormat(language, { style: 'percent' });
  const longest = Math.max(0, ...points.map((point) => format(point.y ?? 0).length));
  return {
    grid: { left: 4, right: longest * 6.4 + (withShare ? 44 : 12), top: 4, bottom: 4, containLabel: true },
    xAxis: { type: 'value', show: false },
    yAxis: placeAxis(axis, frame, {
      type: 'category',
      inverse: true,
      data: points.map((point) => categoryKey(point.x)),
      axisPointer: { show: false },
      axisLabel: {
        color: theme.text2,
        fontSize: 11,
        width: 120,
        overflow: 'truncate',
        formatter: (value: string) => axis.format(reviveCategory(value)),
      },
    }),
    series: [
      {
        type: 'bar',
        barMaxWidth: 20,
        barCategoryGap: '32%',
        color: only?.color ?? theme.muted,
        itemStyle: { borderRadius: 1 },
        data: points.map((point) => point.y),
        label: {
          show: true,
          position: 'right',
          fontSize: 11,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const y = points[dataIndex]?.y ?? 0;
            return `{value|${format(y)}}${withShare ? `  {share|${share.format(y / total)}}` : ''}`;
          },
          rich: {
            value: { color: theme.text1, fontWeight: 500, fontSize: 11 },
            share: { color: theme.axis, fontSize: 11 },
          },
        },
        emphasis: { disabled: true },
      },
    ],
  };
}

function pieOption(spec: ChartPicture, series: readonly Series[], frame: Frame): Option {
  const { theme, language } = frame;
  const share = new Intl.NumberFormat(language, { style: 'percent' });
  const slices = series.flatMap(({ name, color, points }) =>
    points.map((point) => ({ name, color, value: point.y ?? 0 })),
  );
  return {
    series: [
      {
        type: 'pie',
        radius: ['46%', '76%'],
        center: ['50%', '50%'],
        startAngle: 90,
        itemStyle: { borderColor: theme.page, borderWidth: 1 },
        label: {
          color: theme.text2,
          fontSize: 11,
          formatter: ({ name, percent }: { name: string; percent: number }) =>
            `${name}  {share|${share.format(percent / 100)}}`,
          rich: { share: { color: theme.text1, fontWeight: 500, fontSize: 11 } },
        },
        labelLine: { length: 8, length2: 8, lineStyle: { color: theme.baseline } },
        data: slices.map(({ name, color, value }) => ({ name, value, itemStyle: { color } })),
        emphasis: { disabled: true },
      },
    ],
  };
}

function heatmapOption(spec: ChartPicture, data: ChartRows, frame: Frame): Option {
  const { theme, language } = frame;
  const axis = axisOf(spec, data, language);
  const yText = heatRowFormat(data, language);
  const { xs, ys, low, high } = heatOf(data);
  const band = { axisLine: { show: false }, axisPointer: { show: false } };
  return {
    grid: { left: 4, right: 8, top: 4, bottom: 4, containLabel: true },
    xAxis: placeAxis({ ...axis, kind: 'category' }, frame, { ...band, data: xs }),
    yAxis: placeAxis({ kind: 'category', format: yText }, frame, { ...band, data: ys, inverse: true }),
    visualMap: {
      show: false,
      min: low,
      max: high,
      inRange: { color: [...theme.sequence] },
    },
    series: [
      {
        type: 'heatmap',
        data: data.rows.map((row) => [
          categoryKey(row['x'] ?? null),
          categoryKey(row['y0'] ?? null),
          numberOf(row['value']),
        ]),
        itemStyle: { borderColor: theme.page, borderWidth: 1 },
        emphasis: { itemStyle: { borderColor: theme.text1, borderWidth: 1.5 } },
      },
    ],
  };
}

/** How the rows of a heatmap are written. */
export function heatRowFormat(data: ChartRows, language: string): (y: Point) => string {
  const type = data.columns.find((column) => column.name === 'y0')?.type ?? '';
  const time = timeFormatter(language, null, 1e12);
  return (y) => (typeof y === 'number' && /^(DATE|TIMESTAMP)/.test(type) ? time(y) : y === null ? '–' : String(y));
}

function histogramOption(spec: ChartPicture, series: readonly Series[], frame: Frame, data: ChartRows): Option {
  const axis = axisOf(spec, data, frame.language);
  const edges = data.rows.flatMap((row) => [numberOf(row['x']), numberOf(row['x1'])]).filter((edge) => edge !== null);
  const sums = new Map<Point, number>();
  for (const { points } of series) for (const { x, y } of points) sums.set(x, (sums.get(x) ?? 0) + (y ?? 0));
  const low = Math.min(...edges);
  const high = Math.max(...edges);
  const first = data.rows[0];
  const width = (numberOf(first?.['x1']) ?? 1) - (numberOf(first?.['x']) ?? 0);
  const bins = Math.max(1, Math.round((high - low) / (width || 1)));
  const pixels = Math.max(1, (frame.width - 56) / bins - 1);
  return {
    grid: { left: 4, right: 12, top: 8, bottom: 4, containLabel: true },
    xAxis: placeAxis({ ...axis, kind: axis.kind === 'time' ? 'time' : 'value' }, frame, {
      min: low,
      max: high,
      axisPointer: { show: false },
    }),
    yAxis: valueAxis({ ...spec, y: [] }, frame, Math.max(0, ...sums.values())),
    series: series.map(({ name, color, points }) => ({
      name,
      type: 'bar',
      stack: 'all',
      barWidth: pixels,
      color,
      itemStyle: { borderRadius: 1 },
      data: points.map(({ x, y, row }) => [((numberOf(x) ?? 0) + (numberOf(row['x1']) ?? 0)) / 2, y]),
      emphasis: { disabled: true },
    })),
  };
}

function boxOption(spec: ChartPicture, data: ChartRows, frame: Frame): Option {
  const { theme } = frame;
  const axis = axisOf(spec, data, frame.language);
  const five = (row: ChartRow) => ['low', 'q1', 'middle', 'q3', 'high'].map((part) => numberOf(row[part]));
  const largest = Math.max(0, ...data.rows.map((row) => Math.abs(numberOf(row['high']) ?? 0)));
  return {
    grid: { left: 4, right: 12, top: 8, bottom: 4, containLabel: true },
    xAxis: placeAxis({ ...axis, kind: 'category' }, frame, {
      data: data.rows.map((row) => categoryKey(row['x'] ?? null)),
    }),
    yAxis: valueAxis(spec, frame, largest, { scale: true }),
    series: [
      {
        type: 'boxplot',
        data: data.rows.map(five),
        boxWidth: [8, 40],
        itemStyle: {
          color: `color-mix(in srgb, ${theme.categories[0]} 18%, ${theme.page})`,
          borderColor: theme.categories[0],
          borderWidth: 1.25,
        },
        emphasis: { disabled: true },
      },
    ],
  };
}

/** Up in the first colour, down in the second: not red and green, which many cannot tell apart. */
function candleOption(spec: ChartPicture, data: ChartRows, frame: Frame): Option {
  const { theme } = frame;
  const axis = axisOf(spec, data, frame.language);
  const [up = theme.muted, down = theme.muted] = theme.categories;
  const four = (row: ChartRow) => ['open', 'y0', 'low', 'high'].map((part) => numberOf(row[part]));
  const largest = Math.max(0, ...data.rows.map((row) => Math.abs(numberOf(row['high']) ?? 0)));
  return {
    grid: { left: 4, right: 12, top: 8, bottom: 4, containLabel: true },
    xAxis: placeAxis({ ...axis, kind: 'category' }, frame, {
      data: data.rows.map((row) => categoryKey(row['x'] ?? null)),
    }),
    yAxis: valueAxis(spec, frame, largest, { scale: true }),
    series: [
      {
        type: 'candlestick',
        data: data.rows.map(four),
        barMaxWidth: 12,
        itemStyle: { color: up, borderColor: up, color0: down, borderColor0: down },
        emphasis: { disabled: true },
      },
    ],
  };
}

/** Points by longitude and latitude, as near as they lie together. */
function mapOption(series: readonly Series[], data: ChartRows, frame: Frame): Option {
  const { theme } = frame;
  const sizes = data.rows.flatMap((row) => numberOf(row['size']) ?? []);
  const biggest = Math.max(1, ...sizes.map(Math.abs));
  return {
    geo: {
      map: WORLD,
      roam: false,
      silent: true,
      ...boundsOf(data),
      itemStyle: { areaColor: theme.grid, borderColor: theme.baseline, borderWidth: 0.75 },
    },
    series: series.map(({ name, color, points }) => ({
      name,
      type: 'scatter',
      coordinateSystem: 'geo',
      color,
      itemStyle: { opacity: 0.75 },
      symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => {
        const size = numberOf(points[dataIndex]?.row['size']);
        return size === null ? 6 : 4 + 20 * Math.sqrt(Math.abs(size) / biggest);
      },
      data: points.flatMap(({ x, y }) => (typeof x === 'number' && y !== null ? [[x, y]] : [])),
      emphasis: { disabled: true },
    })),
  };
}

/** The part of the earth that holds the points, with room around it. */
function boundsOf({ rows }: ChartRows): Option {
  const xs = rows.flatMap((row) => numberOf(row['x']) ?? []);
  const ys = rows.flatMap((row) => numberOf(row['y0']) ?? []);
  if (xs.length === 0 || ys.length === 0) return {};
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = Math.max(3, 0.12 * Math.max(east - west, north - south));
  return {
    boundingCoords: [
      [Math.max(-180, west - room), Math.min(90, north + room)],
      [Math.min(180, east + room), Math.max(-90, south - room)],
    ],
  };
}

function scatterOption(spec: ChartPicture, data: ChartRows, series: readonly Series[], frame: Frame): Option {
  const axis = axisOf(spec, data, frame.language);
  const sizes = data.rows.flatMap((row) => numberOf(row['size']) ?? []);
  const biggest = Math.max(1, ...sizes.map(Math.abs));
  return {
    grid: { left: 4, right: 16, top: 8, bottom: 4, containLabel: true },
    xAxis: placeAxis(axis, frame, axis.kind === 'category' ? { data: categoriesOf(series) } : { scale: true }),
    yAxis: valueAxis(spec, frame, largestOf(series), { scale: true }),
    series: series.map(({ name, color, points }) => ({
      name,
      type: 'scatter',
      color,
      itemStyle: { opacity: 0.65 },
      symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => {
        const size = numberOf(points[dataIndex]?.row['size']);
        return size === null ? 6 : 4 + 20 * Math.sqrt(Math.abs(size) / biggest);
      },
      data: points.map(({ x, y }) => [axis.kind === 'category' ? categoryKey(x) : x, y]),
      emphasis: { disabled: true },
    })),
  };
}

import { type Frame, type Option, axisOf, placeAxis, valueAxis } from './axes.ts';
import { categoryKey } from './category.ts';
import type { ChartRows, Point } from './rows.ts';
import { type ChartPicture, type Series, numberOf } from './series.ts';

export function pieOption(spec: ChartPicture, series: readonly Series[], frame: Frame): Option {
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

export function histogramOption(spec: ChartPicture, series: readonly Series[], frame: Frame, data: ChartRows): Option {
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
    grid: { left: 4, right: 12, top: 8, bottom: 8, containLabel: true },
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

export function boxOption(spec: ChartPicture, data: ChartRows, frame: Frame): Option {
  const { theme } = frame;
  return spanOption(spec, data, frame, ['low', 'q1', 'middle', 'q3', 'high'], {
    type: 'boxplot',
    boxWidth: [8, 40],
    itemStyle: {
      color: `color-mix(in srgb, ${theme.categories[0]} 18%, ${theme.page})`,
      borderColor: theme.categories[0],
      borderWidth: 1.25,
    },
  });
}

/** Up in the first colour, down in the second: not red and green, which many cannot tell apart. */
export function candleOption(spec: ChartPicture, data: ChartRows, frame: Frame): Option {
  const { theme } = frame;
  const [up = theme.muted, down = theme.muted] = theme.categories;
  return spanOption(spec, data, frame, ['open', 'y0', 'low', 'high'], {
    type: 'candlestick',
    barMaxWidth: 12,
    itemStyle: { color: up, borderColor: up, color0: down, borderColor0: down },
  });
}

/** One mark a category, drawn from several values of its row. */
function spanOption(
  spec: ChartPicture,
  data: ChartRows,
  frame: Frame,
  parts: readonly string[],
  series: Readonly<Record<string, unknown>>,
): Option {
  const axis = axisOf(spec, data, frame.language);
  const largest = Math.max(0, ...data.rows.map((row) => Math.abs(numberOf(row['high']) ?? 0)));
  return {
    grid: { left: 4, right: 12, top: 8, bottom: 8, containLabel: true },
    xAxis: placeAxis({ ...axis, kind: 'category' }, frame, {
      data: data.rows.map((row) => categoryKey(row['x'] ?? null)),
    }),
    yAxis: valueAxis(spec, frame, largest, { scale: true }),
    series: [
      {
        ...series,
        data: data.rows.map((row) => parts.map((part) => numberOf(row[part]))),
        emphasis: { disabled: true },
      },
    ],
  };
}

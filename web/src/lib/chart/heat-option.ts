import { type Frame, type Option, axisOf, placeAxis } from './axes.ts';
import { categoryKey } from './category.ts';
import { timeFormatter } from './format.ts';
import { heatOf } from './heat.ts';
import type { ChartRows, Point } from './rows.ts';
import { type ChartPicture, numberOf } from './series.ts';

export function heatmapOption(spec: ChartPicture, data: ChartRows, frame: Frame): Option {
  const { theme, language } = frame;
  const axis = axisOf(spec, data, language);
  const yText = heatRowFormat(data, language);
  const { xs, ys, low, high } = heatOf(data);
  const band = { axisLine: { show: false }, axisPointer: { show: false } };
  return {
    grid: { left: 4, right: 8, top: 4, bottom: 8, containLabel: true },
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

import { type Frame, type Option, axisOf, categoriesOf, largestOf, placeAxis, valueAxis } from './axes.ts';
import { categoryKey } from './category.ts';
import type { ChartRows } from './rows.ts';
import { type ChartPicture, type Series, numberOf } from './series.ts';
import { WORLD } from './world-name.ts';

/** Points by longitude and latitude, as near as they lie together. */
export function mapOption(series: readonly Series[], data: ChartRows, frame: Frame): Option {
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

export function scatterOption(spec: ChartPicture, data: ChartRows, series: readonly Series[], frame: Frame): Option {
  const axis = axisOf(spec, data, frame.language);
  const sizes = data.rows.flatMap((row) => numberOf(row['size']) ?? []);
  const biggest = Math.max(1, ...sizes.map(Math.abs));
  return {
    grid: { left: 4, right: 16, top: 8, bottom: 8, containLabel: true },
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

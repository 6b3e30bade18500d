import {
  type Axis,
  type Frame,
  type Option,
  axisOf,
  categoriesOf,
  largestOf,
  placeAxis,
  valueAxis,
  yFormat,
} from './axes.ts';
import { categoryKey, reviveCategory } from './category.ts';
import { formatOf, ysOf } from './format.ts';
import type { ChartRows } from './rows.ts';
import type { ChartPicture, Series } from './series.ts';

/** Categories with names, in a narrow picture of few: bars lie, so that names are read without turning. */
export function liesDown(spec: ChartPicture, series: readonly Series[], data: ChartRows): boolean {
  if (spec.type === 'funnel') return true;
  if (spec.type !== 'bar' || series.length !== 1) return false;
  return hasNames(data) && (series[0]?.points.length ?? 0) <= 16;
}

function hasNames({ columns }: ChartRows): boolean {
  return /VARCHAR|ENUM|BOOLEAN/.test(columns.find((column) => column.name === 'x')?.type ?? '');
}

const LETTER = 6.4;
/** The last time stands in the middle below the last point, whose end the grid does not know. */
const HALF_A_TIME = 24;
const WIDE_LETTER = 8.4;
/** Names are cut after. */
const NAMES = 120;

/** Enough for any name: as the library measures them, the widest may begin outside of the picture. */
function roomOf(name: string): number {
  return [...name].reduce((sum, letter) => sum + (/[\p{Lu}mw@%]/u.test(letter) ? WIDE_LETTER : LETTER), 0);
}

/** Names that do not fit side by side lean, so that none is left out; where they would lie on each other some are. */
function leaning(axis: Axis, categories: readonly string[], { width, height }: Frame): Option {
  const room = (width - 48) / categories.length;
  const longest = Math.max(...categories.map((key) => axis.format(reviveCategory(key)).length));
  if (longest * LETTER + 8 <= room || room < 16 || height < 140) return {};
  return { rotate: 40, interval: 0, hideOverlap: false, width: height / 2.5, overflow: 'truncate' };
}

/** Shares that reach 1 end there: an axis up to 1.2 would promise more. */
function endOfShares(series: readonly Series[], frame: Frame): Option {
  const values = series.flatMap(({ points }) => points.flatMap(({ y }) => (y === null ? [] : [y])));
  const lowest = Math.min(...values);
  if (lowest < 0 || Math.max(...values) !== 1) return {};
  return { max: 1, ...(lowest < 0.2 ? { min: 0, interval: frame.height < 180 ? 0.5 : 0.2 } : {}) };
}

export function upright(spec: ChartPicture, data: ChartRows, series: readonly Series[], frame: Frame): Option {
  const axis = axisOf(spec, data, frame.language);
  const { theme } = frame;
  const isBar = spec.type === 'bar';
  const stacked = spec.stack ?? (isBar && series.length > 1 && spec.color !== undefined);
  const categories = categoriesOf(series);
  const names = !stacked && !isBar && series.length > 1 && series.length <= 8;
  const longest = names ? Math.max(...series.map(({ name }) => name.length)) : 0;
  const edge = axis.kind === 'time' ? HALF_A_TIME : 12;
  const right = names ? Math.min(140, longest * LETTER + 24) : edge;
  return {
    grid: { left: 4, right, top: 8, bottom: 8, containLabel: true },
    xAxis: placeAxis(
      axis,
      frame,
      axis.kind === 'category' ? { data: categories, boundaryGap: isBar } : { min: 'dataMin', max: 'dataMax' },
      isBar && hasNames(data) ? leaning(axis, categories, frame) : {},
    ),
    yAxis: valueAxis(spec, frame, largestOf(series), {
      scale: spec.type === 'line' && !stacked,
      ...(isBar || stacked ? {} : endOfShares(series, frame)),
    }),
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
            // Lines do not leave their axes; the name at the end of one may, by half its height.
            clip: false,
            endLabel: {
              show: true,
              color: theme.text2,
              fontSize: 11,
              distance: 6,
              formatter: () => `{mark|■} ${name}`,
              rich: { mark: { color, fontSize: 8 } },
            },
          }
        : {}),
      emphasis: { disabled: true },
    })),
  };
}

export function lyingBars(spec: ChartPicture, data: ChartRows, series: readonly Series[], frame: Frame): Option {
  const { theme, language } = frame;
  const axis = axisOf(spec, data, language);
  const format = yFormat(spec, language);
  const [only] = series;
  const points = only?.points ?? [];
  const total = points.reduce((sum, point) => sum + (point.y ?? 0), 0);
  const [measure] = ysOf(spec);
  // What is a share already is no part of their sum.
  const isShare = measure !== undefined && formatOf(measure) === 'percent';
  const withShare = total > 0 && points.every((point) => (point.y ?? 0) >= 0) && spec.type === 'bar' && !isShare;
  const share = new Intl.NumberFormat(language, { style: 'percent' });
  const longest = Math.max(0, ...points.map((point) => format(point.y ?? 0).length));
  const names = Math.max(0, ...points.map((point) => roomOf(axis.format(point.x))));
  return {
    grid: { left: Math.min(NAMES, names) + 12, right: longest * LETTER + (withShare ? 44 : 12), top: 4, bottom: 4 },
    xAxis: { type: 'value', show: false },
    yAxis: placeAxis(axis, frame, {
      type: 'category',
      inverse: true,
      data: points.map((point) => categoryKey(point.x)),
      axisPointer: { show: false },
      axisLabel: {
        color: theme.text2,
        fontSize: 11,
        width: NAMES,
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

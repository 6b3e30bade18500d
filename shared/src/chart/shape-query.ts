import { say } from '../said/said.ts';
import type { ChartSpec } from '../document/spec/chart.ts';
import { Fault } from '../fault.ts';
import type { Column } from '../relation/relation.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Query } from './axis-query.ts';
import {
  aggregateSql,
  classOf,
  dimensionSql,
  encodingsOf,
  type Field,
  fieldOf,
  isInteger,
  limitOf,
} from './encoding.ts';

const BINS = 30;
const MOST_BINS = 200;
const SIDE = 120;

function needed(field: Field | null, role: string): Field {
  if (field === null)
    throw new Fault('notebook-invalid', say('the chart needs a column for "{role}"; choose one', { role }));
  return field;
}

function xOf(spec: ChartSpec, columns: readonly Column[]): Field | null {
  return spec.x === undefined ? null : fieldOf(spec.x, columns, 'none');
}

/** x and y are dimensions; what is measured is `value`, else the rows are counted. */
export function heatmapQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const x = needed(xOf(spec, columns), 'x');
  const [first] = encodingsOf(spec.y);
  const y = needed(first === undefined ? null : fieldOf(first, columns, 'none'), 'y');
  const value = spec.value === undefined ? 'count(*)' : aggregateSql(fieldOf(spec.value, columns, 'sum'));
  return {
    sql: `WITH cells AS (SELECT ${dimensionSql(x)} AS x, ${dimensionSql(y)} AS y0, ${value} AS value FROM ${from} GROUP BY ALL),
xs AS (SELECT x, row_number() OVER (ORDER BY x NULLS LAST) AS xp FROM (SELECT DISTINCT x FROM cells)),
ys AS (SELECT y0, row_number() OVER (ORDER BY y0 NULLS LAST) AS yp FROM (SELECT DISTINCT y0 FROM cells))
SELECT cells.x AS x, cells.y0 AS y0, value, (SELECT count(*) FROM cells) AS total FROM cells
JOIN xs ON cells.x IS NOT DISTINCT FROM xs.x JOIN ys ON cells.y0 IS NOT DISTINCT FROM ys.y0
WHERE xp <= ${SIDE} AND yp <= ${SIDE} ORDER BY yp, xp`,
    roles: { x: 'x', y0: 'y0', value: 'value', total: 'total' },
  };
}

/** Bins of equal width over the finite values; whole numbers get bins of whole width. `x` to `x1` is half-open. */
export function histogramQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const x = needed(xOf(spec, columns), 'x');
  const bins = Math.max(1, Math.min(Math.floor(spec.bins ?? BINS), MOST_BINS));
  const name = quoteIdentifier(x.column.name);
  const isTime = classOf(x.column.type) === 'time';
  const number = isTime ? `CAST(epoch_us(${name}) AS DOUBLE)` : `CAST(${name} AS DOUBLE)`;
  const color =
    spec.color === undefined
      ? 'CAST(NULL AS VARCHAR)'
      : `CAST(${quoteIdentifier(fieldOf(spec.color, columns, 'none').column.name)} AS VARCHAR)`;
  const width = isInteger(x.column.type)
    ? `greatest(1, ceil((high - low + 1) / ${bins}))`
    : `CASE WHEN high > low THEN (high - low) / ${bins} ELSE 1 END`;
  const edge = (at: string) =>
    isTime ? `make_timestamp(CAST(low + (${at}) * width AS BIGINT))` : `low + (${at}) * width`;
  return {
    sql: `WITH base AS (SELECT ${number} AS v, ${color} AS kind FROM ${from}),
span AS (SELECT min(v) AS low, max(v) AS high, count(*) AS total FROM base WHERE isfinite(v)),
sized AS (SELECT *, ${width} AS width FROM span),
ranked AS (SELECT kind, row_number() OVER (ORDER BY count(*) DESC, kind) AS place FROM base GROUP BY kind),
binned AS (SELECT least(CAST(floor((v - low) / width) AS INTEGER), ${bins - 1}) AS bin, CASE WHEN place <= 8 THEN base.kind END AS color,
  place > 8 AS others, low, width, total FROM base JOIN ranked ON base.kind IS NOT DISTINCT FROM ranked.kind, sized WHERE isfinite(v))
SELECT ${edge('bin')} AS x, ${edge('bin + 1')} AS x1, count(*) AS y0, color, others, total FROM binned
GROUP BY bin, color, others, low, width, total ORDER BY bin, others, color NULLS LAST`,
    roles: { x: 'x', x1: 'x1', y0: 'y0', color: 'color', others: 'others', total: 'total' },
  };
}

/** Quartiles by interpolation; whiskers reach to the furthest value within 1.5 times the box. */
export function boxplotQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const x = xOf(spec, columns);
  const [first] = encodingsOf(spec.y);
  const y = needed(first === undefined ? null : fieldOf(first, columns, 'none'), 'y');
  const limit = limitOf(spec, 24, 200);
  return {
    sql: `WITH base AS (SELECT ${x === null ? 'CAST(NULL AS VARCHAR)' : dimensionSql(x)} AS x, CAST(${quoteIdentifier(y.column.name)} AS DOUBLE) AS v FROM ${from}),
good AS (SELECT * FROM base WHERE isfinite(v)),
boxes AS (SELECT x, quantile_cont(v, 0.25) AS q1, quantile_cont(v, 0.5) AS middle, quantile_cont(v, 0.75) AS q3, count(*) AS n FROM good GROUP BY x),
whiskers AS (SELECT boxes.x AS x, min(v) AS low, max(v) AS high FROM good JOIN boxes ON good.x IS NOT DISTINCT FROM boxes.x
  WHERE v BETWEEN q1 - 1.5 * (q3 - q1) AND q3 + 1.5 * (q3 - q1) GROUP BY boxes.x)
SELECT boxes.x AS x, low, q1, middle, q3, high, n, count(*) OVER () AS total FROM boxes
JOIN whiskers ON boxes.x IS NOT DISTINCT FROM whiskers.x ORDER BY ${x !== null && classOf(x.column.type) === 'text' ? 'middle DESC, ' : ''}x NULLS LAST LIMIT ${limit}`,
    roles: { x: 'x', low: 'low', q1: 'q1', middle: 'middle', q3: 'q3', high: 'high', n: 'n', total: 'total' },
  };
}

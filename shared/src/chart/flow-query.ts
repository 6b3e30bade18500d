import { say } from '../said/said.ts';
import type { ChartSpec } from '../document/spec/chart.ts';
import { Fault } from '../fault.ts';
import type { Column } from '../relation/relation.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Query } from './axis-query.ts';
import { aggregateSql, dimensionSql, encodingsOf, type Field, fieldOf, limitOf } from './encoding.ts';

const FLOWS = 120;
const CANDLES = 600;

function needed(encoding: ChartSpec['x'], role: string, columns: readonly Column[]): Field {
  if (encoding === undefined)
    throw new Fault('notebook-invalid', say('the chart needs a column for "{role}"; choose one', { role }));
  return fieldOf(encoding, columns, 'none');
}

/** From `x` to `y`, as much as `value` says, else as many rows; the largest flows. */
export function sankeyQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const source = needed(spec.x, 'x', columns);
  const target = needed(encodingsOf(spec.y)[0], 'y', columns);
  const value = spec.value === undefined ? 'count(*)' : aggregateSql(fieldOf(spec.value, columns, 'sum'));
  const limit = limitOf(spec, FLOWS, 1_000);
  const name = (field: Field) => `CAST(${dimensionSql(field)} AS VARCHAR)`;
  return {
    sql: `WITH flows AS (SELECT ${name(source)} AS x, ${name(target)} AS target, ${value} AS y0 FROM ${from} GROUP BY ALL),
good AS (SELECT * FROM flows WHERE x IS NOT NULL AND target IS NOT NULL AND y0 > 0)
SELECT x, target, y0, count(*) OVER () AS total FROM good ORDER BY y0 DESC, x, target LIMIT ${limit}`,
    roles: { x: 'x', target: 'target', y0: 'y0', total: 'total' },
  };
}

/**
 * Four columns of `y` are open, high, low and close, in this order; one is a price, whose first, highest, lowest and last
 * of each time bucket they are. The latest candles.
 */
export function candlestickQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const x = needed(spec.x, 'x', columns);
  const ys = encodingsOf(spec.y);
  const field = (at: number) => quoteIdentifier(needed(ys[at], 'y', columns).column.name);
  const time = quoteIdentifier(x.column.name);
  const [open, high, low, close] =
    ys.length >= 4 ? [field(0), field(1), field(2), field(3)] : [field(0), field(0), field(0), field(0)];
  const limit = limitOf(spec, CANDLES, 5_000);
  return {
    sql: `WITH candles AS (SELECT ${dimensionSql(x)} AS x, arg_min(${open}, ${time}) AS open, max(${high}) AS high, min(${low}) AS low,
  arg_max(${close}, ${time}) AS y0 FROM ${from} WHERE ${time} IS NOT NULL GROUP BY 1),
placed AS (SELECT *, count(*) OVER () AS total, row_number() OVER (ORDER BY x DESC) AS place FROM candles)
SELECT x, open, high, low, y0, total FROM placed WHERE place <= ${limit} ORDER BY x`,
    roles: { x: 'x', open: 'open', high: 'high', low: 'low', y0: 'y0', total: 'total' },
  };
}

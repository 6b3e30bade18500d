import type { ChartSpec } from '../document/spec/chart.ts';
import { Fault } from '../fault.ts';
import type { Column } from '../relation/relation.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Query } from './axis-query.ts';
import { aggregateSql, encodingsOf, fieldOf, limitOf } from './encoding.ts';

const TABLE_ROWS = 1_000;
const PIVOT_GROUPS = 5_000;

export function metricQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const [measured] = spec.value === undefined ? encodingsOf(spec.y) : [spec.value];
  const value = measured === undefined ? 'count(*)' : aggregateSql(fieldOf(measured, columns, 'sum'));
  const compare = spec.compare === undefined ? 'NULL' : aggregateSql(fieldOf(spec.compare, columns, 'sum'));
  return {
    sql: `SELECT ${value} AS value, ${compare} AS compare FROM ${from}`,
    roles: { value: 'value', compare: 'compare' },
  };
}

/** Columns by position, `c0`, `c1`, …, so that two of one name stay apart. */
export function tableQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const picked = (spec.columns ?? columns.map((column) => column.name)).map(
    (name) => fieldOf(name, columns, 'none').column,
  );
  const selected = picked.map((column, at) => `${quoteIdentifier(column.name)} AS c${at}`);
  const order =
    picked.length > 0 && spec.sort?.endsWith('x') ? ` ORDER BY c0${spec.sort === '-x' ? ' DESC' : ''} NULLS LAST` : '';
  return {
    sql: `SELECT ${[...selected, 'count(*) OVER () AS total'].join(', ')} FROM ${from}${order} LIMIT ${limitOf(spec, TABLE_ROWS, 10_000)}`,
    roles: { ...Object.fromEntries(picked.map((_, at) => [`c${at}`, `c${at}`])), total: 'total' },
  };
}

/** One row per group, long: the crossing is drawn by whoever shows it. */
export function pivotQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const rows = (spec.rows ?? []).map((name) => fieldOf(name, columns, 'none').column);
  const across = (spec.columns ?? []).map((name) => fieldOf(name, columns, 'none').column);
  if (rows.length + across.length === 0) {
    throw new Fault('notebook-invalid', 'a pivot needs at least one column in "rows" or "columns"; choose one');
  }
  const values = (spec.values ?? []).map((value) => aggregateSql(fieldOf(value, columns, 'sum')));
  const dimensions = [
    ...rows.map((column, at) => `${quoteIdentifier(column.name)} AS row${at}`),
    ...across.map((column, at) => `${quoteIdentifier(column.name)} AS column${at}`),
  ];
  const measures = (values.length > 0 ? values : ['count(*)']).map((value, at) => `${value} AS value${at}`);
  const keys = [...rows.map((_, at) => `row${at}`), ...across.map((_, at) => `column${at}`)];
  const names = [...keys, ...measures.map((_, at) => `value${at}`), 'total'];
  return {
    sql: `WITH groups AS (SELECT ${[...dimensions, ...measures].join(', ')} FROM ${from} GROUP BY ALL)
SELECT *, count(*) OVER () AS total FROM groups ORDER BY ${keys.map((key) => `${key} NULLS LAST`).join(', ')} LIMIT ${limitOf(spec, PIVOT_GROUPS, PIVOT_GROUPS)}`,
    roles: Object.fromEntries(names.map((name) => [name, name])),
  };
}

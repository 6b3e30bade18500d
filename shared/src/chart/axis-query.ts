import type { ChartSpec } from '../document/spec/chart.ts';
import type { Column } from '../relation/relation.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { aggregateOver, classOf, dimensionSql, encodingsOf, type Field, fieldOf, limitOf } from './encoding.ts';

/** Pixel columns of a wide chart: with four points in each, no spike is lost and nothing more could be seen. */
const PIXEL_COLUMNS = 500;
/** Points a line may have before it is reduced. */
export const LINE_POINTS = 2_000;
export const SCATTER_POINTS = 5_000;
/** Series with a colour of their own; the rest is one, "others". */
export const SERIES = 8;
const CATEGORIES = 40;
const SLICES = 7;
const POINTS = 20_000;

export interface Query {
  readonly sql: string;
  readonly roles: Record<string, string>;
}

interface Parts {
  readonly x: Field | null;
  readonly ys: readonly Field[];
  readonly color: Field | null;
  readonly raw: boolean;
}

function partsOf(spec: ChartSpec, columns: readonly Column[]): Parts {
  const ys = encodingsOf(spec.y).map((y) =>
    fieldOf(y, columns, spec.type === 'scatter' || spec.type === 'map' ? 'none' : 'sum'),
  );
  return {
    x: spec.x === undefined ? null : fieldOf(spec.x, columns, 'none'),
    ys,
    color: spec.color === undefined ? null : fieldOf(spec.color, columns, 'none'),
    raw: ys.length > 0 && ys.every((y) => y.aggregate === 'none'),
  };
}

/** `count(*)` when nothing is measured. */
function measures({ ys }: Parts): string[] {
  return ys.length === 0 ? ['count(*)'] : ys.map((y, at) => aggregateOver(y.aggregate, `v${at}`));
}

function yNames(parts: Parts): string[] {
  return measures(parts).map((_, at) => `y${at}`);
}

/** Rows of `from` with the names x, color, v0, v1, …; NULL numbers that are not finite are left out of pictures. */
function baseSql(from: string, parts: Parts): string {
  const values = parts.ys.map((y, at) => `${quoteIdentifier(y.column.name)} AS v${at}`);
  const color =
    parts.color === null ? 'CAST(NULL AS VARCHAR)' : `CAST(${quoteIdentifier(parts.color.column.name)} AS VARCHAR)`;
  const x = parts.x === null ? 'CAST(NULL AS VARCHAR)' : dimensionSql(parts.x);
  return `base AS (SELECT ${[`${x} AS x`, `${color} AS kind`, ...values].join(', ')} FROM ${from})`;
}

/** `kept` holds the largest series by their first measure; `part` says which rows are "others". */
function seriesSql(parts: Parts): string {
  const weight = parts.ys.length === 0 || parts.raw ? 'count(*)' : `abs(${measures(parts)[0] ?? 'count(*)'})`;
  return `ranked AS (SELECT kind, row_number() OVER (ORDER BY ${weight} DESC NULLS LAST, kind) AS place FROM base GROUP BY kind),
part AS (SELECT base.*, CASE WHEN place <= ${SERIES} THEN base.kind END AS color, place > ${SERIES} AS others
  FROM base JOIN ranked ON base.kind IS NOT DISTINCT FROM ranked.kind)`;
}

function pointsSql(parts: Parts): string {
  if (parts.raw) {
    const values = parts.ys.map((_, at) => `v${at} AS y${at}`);
    return `points AS (SELECT x, color, others, ${values.join(', ')} FROM part)`;
  }
  const values = measures(parts).map((measure, at) => `${measure} AS y${at}`);
  return `points AS (SELECT x, color, others, ${values.join(', ')} FROM part GROUP BY x, color, others)`;
}

function rolesOf(parts: Parts, more: readonly string[]): Record<string, string> {
  const names = ['x', ...yNames(parts), 'color', 'others', 'total', ...more];
  return Object.fromEntries(names.map((name) => [name, name]));
}

function continuous(field: Field | null): string | null {
  const kind = field === null ? 'other' : classOf(field.column.type);
  if (kind === 'time') return 'CAST(epoch_us(x) AS DOUBLE)';
  return kind === 'number' ? 'CAST(x AS DOUBLE)' : null;
}

/** Lines and areas. Over a number or a time, a long series keeps first, last, lowest and highest of each pixel column. */
export function lineQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const parts = partsOf(spec, columns);
  const key = continuous(parts.x);
  const names = yNames(parts);
  const head = `WITH ${baseSql(from, parts)},\n${seriesSql(parts)},\n${pointsSql(parts)}`;
  const shown = ['x', ...names, 'color', 'others', 'total'].join(', ');
  if (key === null) {
    const limit = limitOf(spec, POINTS, POINTS);
    return {
      sql: `${head}\nSELECT ${shown} FROM (SELECT *, count(*) OVER () AS total FROM points)\nORDER BY x NULLS LAST, color NULLS LAST LIMIT ${limit}`,
      roles: rolesOf(parts, []),
    };
  }
  const picks = names.flatMap((y) => [`arg_min(i, ${y})`, `arg_max(i, ${y})`]);
  return {
    sql: `${head},
placed AS (SELECT *, row_number() OVER (ORDER BY x, color) AS i, ${key} AS k, count(*) OVER () AS total FROM points WHERE x IS NOT NULL),
span AS (SELECT min(k) AS low, max(k) AS high FROM placed WHERE isfinite(k)),
picked AS (SELECT unnest([arg_min(i, k), arg_max(i, k), ${picks.join(', ')}]) AS i FROM placed, span
  GROUP BY color, others, CASE WHEN high > low THEN floor((k - low) / (high - low) * ${PIXEL_COLUMNS - 1}) ELSE 0 END)
SELECT ${shown} FROM placed WHERE total <= ${LINE_POINTS} OR i IN (SELECT i FROM picked)
ORDER BY i`,
    roles: rolesOf(parts, []),
  };
}

export function barQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const parts = partsOf(spec, columns);
  const ordered = continuous(parts.x) !== null;
  const limit = limitOf(spec, ordered ? 400 : CATEGORIES, 2_000);
  const names = yNames(parts);
  const sort = spec.sort ?? (spec.type === 'funnel' ? '-y' : ordered ? 'x' : '-y');
  const shown = ['x', ...names, 'color', 'others', 'total'].join(', ');
  return {
    sql: `WITH ${baseSql(from, parts)},
${seriesSql(parts)},
${pointsSql({ ...parts, raw: false })},
bars AS (SELECT x, sum(y0) AS weight, max(y0) AS tallest FROM points GROUP BY x),
kept AS (SELECT *, row_number() OVER (ORDER BY ${barOrder(sort)}) AS place, count(*) OVER () AS total FROM bars)
SELECT ${shown.replace(/^x/, 'points.x')} FROM points JOIN kept ON points.x IS NOT DISTINCT FROM kept.x WHERE place <= ${limit}
ORDER BY place, others, color NULLS LAST`,
    roles: rolesOf(parts, []),
  };
}

function barOrder(sort: NonNullable<ChartSpec['sort']>): string {
  switch (sort) {
    case 'x':
      return 'x NULLS LAST';
    case '-x':
      return 'x DESC NULLS LAST';
    case 'y':
      return 'weight NULLS LAST, x';
    case '-y':
      return 'weight DESC NULLS LAST, x';
    case 'none':
      return '(SELECT NULL)';
  }
}

/** The largest slices and one for the rest, computed from the rows, so that an average of others is one. */
export function pieQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const parts = { ...partsOf(spec, columns), color: null, raw: false };
  const measure = measures(parts)[0] ?? 'count(*)';
  const limit = limitOf(spec, SLICES, 24);
  return {
    sql: `WITH ${baseSql(from, parts)},
ranked AS (SELECT x, row_number() OVER (ORDER BY ${measure} DESC NULLS LAST, x) AS place, count(*) OVER () AS total FROM base GROUP BY x),
part AS (SELECT base.*, CASE WHEN place <= ${limit} THEN base.x END AS slice, place > ${limit} AS others, total
  FROM base JOIN ranked ON base.x IS NOT DISTINCT FROM ranked.x)
SELECT slice AS x, ${measure} AS y0, CAST(NULL AS VARCHAR) AS color, others, total FROM part GROUP BY slice, others, total
ORDER BY others, y0 DESC NULLS LAST, x`,
    roles: rolesOf({ ...parts, ys: parts.ys.slice(0, 1) }, []),
  };
}

/** Every point, or as many as can be told apart, chosen by hash so that the same rows give the same picture. */
export function scatterQuery(spec: ChartSpec, from: string, columns: readonly Column[]): Query {
  const parts = partsOf(spec, columns);
  const size = spec.size === undefined ? null : fieldOf(spec.size, columns, 'none');
  const limit = limitOf(spec, SCATTER_POINTS, POINTS);
  const names = yNames(parts);
  const sizeSql = size === null ? 'CAST(NULL AS DOUBLE)' : `TRY_CAST(${quoteIdentifier(size.column.name)} AS DOUBLE)`;
  const base = baseSql(from, parts).replace(' FROM ', `, ${sizeSql} AS size FROM `);
  const measured = parts.ys.length === 0 ? '1 AS y0' : parts.ys.map((_, at) => `v${at} AS y${at}`).join(', ');
  return {
    sql: `WITH ${base},
${seriesSql({ ...parts, raw: true })},
points AS (SELECT x, ${measured}, color, others, size FROM part WHERE x IS NOT NULL),
placed AS (SELECT *, count(*) OVER () AS total, row_number() OVER (ORDER BY hash(x, y0, color)) AS place FROM points)
SELECT x, ${names.join(', ')}, color, others, size, total FROM placed WHERE place <= ${limit} ORDER BY x, y0`,
    roles: rolesOf(parts, ['size']),
  };
}

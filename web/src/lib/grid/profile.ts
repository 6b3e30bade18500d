import type { Column } from '@datacraft/shared';
import type { Table } from 'apache-arrow';

import { isNumericType, isTimeType } from './value.ts';

/** What a header says about a column. Shares are of all rows. */
export interface ColumnProfile {
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  /** False when the distinct values are estimated, a few percent off. */
  readonly isExact: boolean;
  readonly shape:
    | { readonly kind: 'histogram'; readonly counts: readonly number[] }
    | { readonly kind: 'values'; readonly top: readonly { readonly text: string; readonly count: number }[] }
    | { readonly kind: 'none' };
  readonly low: string | null;
  readonly high: string | null;
  readonly middle: string | null;
}

/** Up to here distinct values are counted one by one. */
export const EXACT_ROWS = 200_000;
export const BINS = 16;
const TOP = 6;

/** One statement per column: facts, bins or top values as rows `(part, label, n, x)`. */
export function profileQuery(from: string, columns: readonly Column[], index: number, rows: number): string {
  const names = columns.map((_, at) => `c${at}`).join(', ');
  const type = columns[index]?.type ?? 'VARCHAR';
  const base = `WITH base AS MATERIALIZED (SELECT c${index} AS v FROM (SELECT * FROM ${from}) AS result(${names}))`;
  const number = numberOf(type);
  const distinct = rows <= EXACT_ROWS ? (value: string) => `count(DISTINCT ${value})` : estimate;
  return number === null ? `${base}, ${textProfile(distinct)}` : `${base}, ${numberProfile(number, type, distinct)}`;
}

function estimate(value: string): string {
  return `approx_count_distinct(${value})`;
}

function numberOf(type: string): string | null {
  if (isNumericType(type)) return 'CAST(v AS DOUBLE)';
  if (isTimeType(type)) return 'CAST(epoch_us(v) AS DOUBLE)';
  return null;
}

function numberProfile(number: string, type: string, distinct: (value: string) => string): string {
  return `n AS MATERIALIZED (SELECT v, ${number} AS x FROM base),
facts AS (SELECT count(*) AS rows, count(v) AS filled, ${distinct('v')} AS kinds, min(x) AS low, max(x) AS high,
  min(v) AS first, max(v) AS last, ${isTimeType(type) ? 'NULL' : 'approx_quantile(x, 0.5)'} AS middle FROM n WHERE x IS NULL OR isfinite(x)),
bins AS (SELECT CASE WHEN high > low THEN least(CAST(floor((x - low) / (high - low) * ${BINS}) AS INTEGER), ${BINS - 1}) ELSE 0 END AS bin,
  count(*) AS n FROM n, facts WHERE x IS NOT NULL AND isfinite(x) GROUP BY bin)
SELECT 'rows' AS part, NULL AS label, CAST(rows AS DOUBLE) AS n FROM facts
UNION ALL SELECT 'filled', NULL, filled FROM facts
UNION ALL SELECT 'distinct', NULL, kinds FROM facts
UNION ALL SELECT 'low', CAST(first AS VARCHAR), NULL FROM facts
UNION ALL SELECT 'high', CAST(last AS VARCHAR), NULL FROM facts
UNION ALL SELECT 'middle', CAST(middle AS VARCHAR), NULL FROM facts
UNION ALL SELECT 'bin', CAST(bin AS VARCHAR), n FROM bins`;
}

function textProfile(distinct: (value: string) => string): string {
  return `facts AS (SELECT count(*) AS rows, count(v) AS filled, ${distinct('CAST(v AS VARCHAR)')} AS kinds FROM base),
tops AS (SELECT CAST(v AS VARCHAR) AS label, count(*) AS n FROM base WHERE v IS NOT NULL GROUP BY label ORDER BY n DESC, label LIMIT ${TOP})
SELECT 'rows' AS part, NULL AS label, CAST(rows AS DOUBLE) AS n FROM facts
UNION ALL SELECT 'filled', NULL, filled FROM facts
UNION ALL SELECT 'distinct', NULL, kinds FROM facts
UNION ALL SELECT 'top', left(label, 80), n FROM tops`;
}

export function readProfile(table: Table, isExact: boolean): ColumnProfile {
  const facts = new Map<string, { label: string | null; n: number }>();
  const counts = new Array<number>(BINS).fill(0);
  const top: { text: string; count: number }[] = [];
  let hasBins = false;
  for (const row of table.toArray()) {
    const { part, label, n } = row.toJSON() as { part: string; label: string | null; n: number | null };
    if (part === 'bin') {
      hasBins = true;
      counts[Number(label)] = n ?? 0;
    } else if (part === 'top') top.push({ text: label ?? '', count: n ?? 0 });
    else facts.set(part, { label, n: n ?? 0 });
  }
  const rows = facts.get('rows')?.n ?? 0;
  const shape = hasBins
    ? ({ kind: 'histogram', counts } as const)
    : top.length > 0
      ? ({ kind: 'values', top } as const)
      : ({ kind: 'none' } as const);
  return {
    rows,
    nulls: rows - (facts.get('filled')?.n ?? 0),
    distinct: Math.min(facts.get('distinct')?.n ?? 0, rows),
    isExact,
    shape,
    low: facts.get('low')?.label ?? null,
    high: facts.get('high')?.label ?? null,
    middle: facts.get('middle')?.label ?? null,
  };
}

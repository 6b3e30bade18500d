/**
 * What a query does, operator by operator. It runs: times and rows are real.
 *
 * E1  A plan names no file of the server: of what DuckDB tells of an operator only what the query says is kept.
 */
import type { PlanNode, QueryPlan } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { QueryDeps, QueryRequest } from './query.ts';
import { withQuery } from './query.ts';

export async function explainQuery(request: QueryRequest, deps: QueryDeps): Promise<QueryPlan> {
  return withQuery(request, deps, async ({ session, select }) => {
    const { rows } = await session.rows(`explain (analyze, format json)\n${select}`);
    return planOf(JSON.parse(String(rows[0]?.[1])) as unknown);
  });
}

type Told = Readonly<Record<string, unknown>>;

/** Reads what `explain (analyze, format json)` answers. */
export function planOf(told: unknown): QueryPlan {
  const whole = objectOf(told);
  let top = whole;
  while (top === whole || top['operator_type'] === 'EXPLAIN_ANALYZE') {
    const [next] = childrenOf(top);
    if (next === undefined) throw new Fault('internal', 'the engine told no plan of this query');
    top = next;
  }
  return { ms: millis(whole['latency']), root: nodeOf(top) };
}

function nodeOf(told: Told): PlanNode {
  return {
    operator: String(told['operator_name'] ?? told['operator_type'] ?? '').trim(),
    ms: millis(told['operator_timing']),
    rows: Number(told['operator_cardinality'] ?? 0),
    scanned: Number(told['operator_rows_scanned'] ?? 0),
    details: detailsOf(objectOf(told['extra_info'])),
    children: childrenOf(told).map(nodeOf),
  };
}

const shown = [
  'Join Type',
  'Conditions',
  'Groups',
  'Aggregates',
  'Expression',
  'Filters',
  'Order By',
  'Top',
  'Projections',
  'Estimated Cardinality',
];

function detailsOf(info: Told): string[] {
  return shown.flatMap((key) => {
    const value = info[key];
    const text = Array.isArray(value)
      ? value.join(', ')
      : typeof value === 'string'
        ? value.replaceAll('\n', ', ')
        : '';
    return text === '' ? [] : [`${key}: ${text.length > 300 ? `${text.slice(0, 300)}…` : text}`];
  });
}

function childrenOf(told: Told): Told[] {
  const children = told['children'];
  return Array.isArray(children) ? children.map(objectOf) : [];
}

function objectOf(value: unknown): Told {
  return typeof value === 'object' && value !== null ? (value as Told) : {};
}

function millis(seconds: unknown): number {
  return Math.round(Number(seconds ?? 0) * 1e6) / 1e3;
}

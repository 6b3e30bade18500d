import type { CheckReport } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import { placeIn } from './distribution.ts';
import { because, isRefusal, refusalOf } from './refusal.ts';
import type { RowRule } from './row-check.ts';
import type { CompiledRule } from './rule.ts';

/** The last results of a measured rule that passed, by its label: what bands look at. */
export type Past = ReadonlyMap<string, readonly number[]>;

type WholeRule = Exclude<CompiledRule, RowRule>;

const NO_VALUES = because(say('it has no answer: there are no values to judge'));

/** A rule over the relation as a whole. */
export async function reportOfWhole(
  session: DuckSession,
  relation: string,
  rule: WholeRule,
  past: Past,
): Promise<CheckReport> {
  const base = { rule: rule.label, outcome: rule.outcome, violations: null };
  const broken = rule.outcome === 'fail' ? ('failed' as const) : ('warned' as const);
  const answer = await answerOf(session, sqlOf(rule, relation));
  if (isRefusal(answer)) return { ...base, status: 'not-evaluated', ...answer };
  if (rule.kind === 'query') {
    const violations = Number(answer);
    return { ...base, violations, status: violations === 0 ? 'passed' : broken };
  }
  if (rule.kind === 'table') {
    if (typeof answer !== 'boolean') return { ...base, status: 'not-evaluated', ...NO_VALUES };
    return { ...base, status: answer ? 'passed' : broken };
  }
  const value = answer === null || answer === undefined ? NaN : Number(answer);
  if (!Number.isFinite(value)) return { ...base, status: 'not-evaluated', ...NO_VALUES };
  const { ok, reason } = placeIn(rule.band, value, past.get(rule.label) ?? []);
  return { ...base, value, status: ok ? 'passed' : broken, ...(reason && because(reason)) };
}

function sqlOf(rule: WholeRule, relation: string): string {
  if (rule.kind === 'table') return rule.check(relation);
  return rule.kind === 'measure' ? rule.measure(relation) : `select count(*) from (${rule.sql}\n)`;
}

async function answerOf(session: DuckSession, sql: string): Promise<unknown> {
  try {
    const page = await session.rows(sql);
    return page.rows[0]?.[0];
  } catch (error) {
    return refusalOf(error);
  }
}

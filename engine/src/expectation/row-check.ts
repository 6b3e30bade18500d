import type { CheckReport } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { Refusal } from './refusal.ts';
import { NOT_ASKED, because, isRefusal, refusalOf } from './refusal.ts';
import type { CompiledRule } from './rule.ts';

export type RowRule = Extract<CompiledRule, { kind: 'row' }>;

export const PREFIX = '__broken_';

type Counts = readonly (number | Refusal)[];

/** One pass over all rules; when the engine refuses it, each rule alone, so that only the broken ones are unevaluated. */
export async function countViolations(
  session: DuckSession,
  relation: string,
  rules: readonly RowRule[],
): Promise<{ counts: Counts; total: number }> {
  const all = await counted(session, relation, rules);
  if (!isRefusal(all)) return all;
  if (rules.length === 1) return { counts: [all], total: 0 };
  const alone: (number | Refusal)[] = [];
  let total = 0;
  for (const rule of rules) {
    const answer = await counted(session, relation, [rule]);
    alone.push(isRefusal(answer) ? answer : (answer.counts[0] ?? NOT_ASKED));
    if (!isRefusal(answer)) total = answer.total;
  }
  return { counts: alone, total };
}

async function counted(
  session: DuckSession,
  relation: string,
  rules: readonly RowRule[],
): Promise<{ counts: number[]; total: number } | Refusal> {
  const sums = rules.map((_, index) => `count(*) filter ("${PREFIX}${index}")`).join(', ');
  try {
    const page = await session.rows(`select count(*), ${sums} from ${flaggedBy(rules, relation)}`);
    const [total = 0, ...counts] = (page.rows[0] ?? []).map(Number);
    return { counts, total };
  } catch (error) {
    return refusalOf(error);
  }
}

/** The rows of `relation`, each with whether it breaks each rule. */
export function flaggedBy(rules: readonly RowRule[], relation: string): string {
  const flags = rules.map((rule, index) => `${rule.violates} as "${PREFIX}${index}"`).join(', ');
  return `(select *, ${flags} from ${relation} as "checked")`;
}

export function reportOf(rule: RowRule, violations: number | Refusal, total: number): CheckReport {
  const base = { rule: rule.label, outcome: rule.outcome };
  if (typeof violations !== 'number') return { ...base, status: 'not-evaluated', violations: null, ...violations };
  const counted = { ...base, violations, total };
  if (violations === 0) return { ...counted, status: 'passed' };
  if (rule.mostly === undefined) return { ...counted, status: rule.outcome === 'fail' ? 'failed' : 'warned' };
  const isEnough = total - violations >= rule.mostly * total;
  if (isEnough) return { ...counted, status: isTaker(rule) ? 'warned' : 'passed' };
  const passing = { share: percent((total - violations) / total), least: percent(rule.mostly) };
  const reason = because(say('{share} of the rows pass, and {least} must', passing));
  return { ...counted, status: rule.outcome === 'warn' ? 'warned' : 'failed', ...reason };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

export function isTaker(rule: RowRule | undefined): boolean {
  return rule?.outcome === 'drop' || rule?.outcome === 'quarantine';
}

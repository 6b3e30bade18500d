import type { CheckReport } from '@datacraft/shared';
import { isFault, quoteLiteral } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { CompiledRule } from './rule.ts';

/** What the rules say of a relation: each rule's report, and the rows that stay and go. */
export interface Judgement {
  readonly checks: readonly CheckReport[];
  /** False when a rule with outcome `fail` was broken or a rule could not be evaluated. */
  readonly mayPublish: boolean;
  /** Rows that do not stay, each counted once. */
  readonly removed: number;
  /** SELECTs over the judged relation; no row is in both. Null when no rule takes rows out. */
  readonly split: Split | null;
}

export interface Split {
  readonly keep: string;
  readonly quarantine: string | null;
}

const PREFIX = '__broken_';

/** Evaluates `rules` over `relation` (a SQL name of `session`) in one pass for row rules, one query per table rule. */
export async function judge(
  session: DuckSession,
  relation: string,
  rules: readonly CompiledRule[],
): Promise<Judgement> {
  const rowRules = rules.filter((rule) => rule.kind === 'row');
  const counts = rowRules.length === 0 ? [] : await countViolations(session, relation, rowRules);
  const rowChecks = rowRules.map((rule, index) => reportOf(rule, counts[index] ?? NOT_ASKED));
  const tableChecks = await Promise.all(
    rules
      .filter((rule) => rule.kind === 'table')
      .map(async (rule) => tableReport(rule, await holds(session, rule.check(relation)))),
  );
  const checks = [...rowChecks, ...tableChecks];
  const mayPublish = checks.every((check) => check.status === 'passed' || check.status === 'warned');
  const split = mayPublish ? splitOf(rowRules, flaggedBy(rowRules, relation)) : null;
  const taken = counts.some((count, index) => isTaker(rowRules[index]) && typeof count === 'number' && count > 0);
  return { checks, mayPublish, split, removed: split && taken ? await countRemoved(session, relation, split) : 0 };
}

type RowRule = Extract<CompiledRule, { kind: 'row' }>;

/** Why a rule has no answer: what the engine said of its SQL. */
interface Refusal {
  readonly reason: string;
}
const NOT_ASKED: Refusal = { reason: 'it was not asked' };

/** One pass over all rules; when the engine refuses it, each rule alone, so that only the broken ones are unevaluated. */
async function countViolations(
  session: DuckSession,
  relation: string,
  rules: readonly RowRule[],
): Promise<readonly (number | Refusal)[]> {
  const all = await counted(session, relation, rules);
  if (Array.isArray(all)) return all;
  if (rules.length === 1) return [all];
  const alone: (number | Refusal)[] = [];
  for (const rule of rules) {
    const answer = await counted(session, relation, [rule]);
    alone.push(Array.isArray(answer) ? (answer[0] ?? NOT_ASKED) : answer);
  }
  return alone;
}

async function counted(session: DuckSession, relation: string, rules: readonly RowRule[]): Promise<number[] | Refusal> {
  const sums = rules.map((_, index) => `count(*) filter ("${PREFIX}${index}")`).join(', ');
  try {
    const page = await session.rows(`select ${sums} from ${flaggedBy(rules, relation)}`);
    return (page.rows[0] ?? []).map(Number);
  } catch (error) {
    return refusalOf(error);
  }
}

function flaggedBy(rules: readonly RowRule[], relation: string): string {
  const flags = rules.map((rule, index) => `${rule.violates} as "${PREFIX}${index}"`).join(', ');
  return `(select *, ${flags} from ${relation} as "checked")`;
}

async function holds(session: DuckSession, sql: string): Promise<boolean | Refusal> {
  try {
    const page = await session.rows(sql);
    const answer = page.rows[0]?.[0];
    return typeof answer === 'boolean' ? answer : { reason: 'it has no answer: there are no values to judge' };
  } catch (error) {
    return refusalOf(error);
  }
}

/** Anything but a query that the engine refused ends the task: cancelled, out of memory, timed out. */
function refusalOf(error: unknown): Refusal {
  if (!isFault(error, 'query-failed')) throw error;
  return { reason: error.facts.hint === undefined ? error.message : `${error.message} (${error.facts.hint})` };
}

function reportOf(rule: RowRule, violations: number | Refusal): CheckReport {
  const base = { rule: rule.label, outcome: rule.outcome };
  if (typeof violations !== 'number') return { ...base, status: 'not-evaluated', violations: null, ...violations };
  if (violations === 0) return { ...base, status: 'passed', violations };
  return { ...base, status: rule.outcome === 'fail' ? 'failed' : 'warned', violations };
}

function tableReport(rule: CompiledRule, ok: boolean | Refusal): CheckReport {
  const base = { rule: rule.label, outcome: rule.outcome, violations: null };
  if (typeof ok !== 'boolean') return { ...base, status: 'not-evaluated', ...ok };
  if (ok) return { ...base, status: 'passed' };
  return { ...base, status: rule.outcome === 'fail' ? 'failed' : 'warned' };
}

/** The rows of `relation` (a SQL name, or a SELECT in brackets) that stay and go by `rules`; null when none goes. */
export function splitSql(rules: readonly CompiledRule[], relation: string): Split | null {
  const rowRules = rules.filter((rule) => rule.kind === 'row');
  return splitOf(rowRules, flaggedBy(rowRules, relation));
}

function isTaker(rule: RowRule | undefined): boolean {
  return rule?.outcome === 'drop' || rule?.outcome === 'quarantine';
}

async function countRemoved(session: DuckSession, relation: string, { keep }: Split): Promise<number> {
  const page = await session.rows(`select (select count(*) from ${relation}) - (select count(*) from (${keep}))`);
  return Number(page.rows[0]?.[0] ?? 0);
}

/** A row that a `drop` rule takes is dropped, also when a `quarantine` rule takes it too. */
function splitOf(rules: readonly RowRule[], flagged: string): Split | null {
  const takenBy = (outcome: CompiledRule['outcome']) =>
    rules.flatMap((rule, index) => (rule.outcome === outcome ? [index] : []));
  const dropped = takenBy('drop');
  const quarantined = takenBy('quarantine');
  if (dropped.length + quarantined.length === 0) return null;
  const any = (indexes: readonly number[]) => indexes.map((index) => `"${PREFIX}${index}"`).join(' or ') || 'false';
  const without = `* exclude (${rules.map((_, index) => `"${PREFIX}${index}"`).join(', ')})`;
  const reasons = quarantined
    .map((index) => `case when "${PREFIX}${index}" then ${quoteLiteral(rules[index]?.label ?? '')} end`)
    .join(', ');
  return {
    keep: `select ${without} from ${flagged} where not (${any([...dropped, ...quarantined])})`,
    quarantine:
      quarantined.length === 0
        ? null
        : `select ${without}, concat_ws('; ', ${reasons}) as _rule from ${flagged} where (${any(quarantined)}) and not (${any(dropped)})`,
  };
}

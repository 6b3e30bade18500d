import type { CheckReport } from '@datacraft/shared';
import { quoteLiteral } from '@datacraft/shared';
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
  const rowChecks = rowRules.map((rule, index) => reportOf(rule, counts[index] ?? null));
  const tableChecks = await Promise.all(
    rules
      .filter((rule) => rule.kind === 'table')
      .map(async (rule) => tableReport(rule, await holds(session, rule.check(relation)))),
  );
  const checks = [...rowChecks, ...tableChecks];
  const mayPublish = checks.every((check) => check.status === 'passed' || check.status === 'warned');
  const split = mayPublish ? splitOf(rowRules, flaggedBy(rowRules, relation)) : null;
  const taken = counts.some((count, index) => isTaker(rowRules[index]) && (count ?? 0) > 0);
  return { checks, mayPublish, split, removed: split && taken ? await countRemoved(session, relation, split) : 0 };
}

type RowRule = Extract<CompiledRule, { kind: 'row' }>;

/** One pass over all rules; when the engine refuses it, each rule alone, so that only the broken ones are unevaluated. */
async function countViolations(
  session: DuckSession,
  relation: string,
  rules: readonly RowRule[],
): Promise<(number | null)[]> {
  const all = await counted(session, relation, rules);
  if (all !== null || rules.length === 1) return all ?? [null];
  const alone = [];
  for (const rule of rules) alone.push((await counted(session, relation, [rule]))?.[0] ?? null);
  return alone;
}

async function counted(session: DuckSession, relation: string, rules: readonly RowRule[]): Promise<number[] | null> {
  const sums = rules.map((_, index) => `count(*) filter ("${PREFIX}${index}")`).join(', ');
  try {
    const page = await session.rows(`select ${sums} from ${flaggedBy(rules, relation)}`);
    return (page.rows[0] ?? []).map(Number);
  } catch (error) {
    if (isFatal(error)) throw error;
    return null;
  }
}

function flaggedBy(rules: readonly RowRule[], relation: string): string {
  const flags = rules.map((rule, index) => `${rule.violates} as "${PREFIX}${index}"`).join(', ');
  return `(select *, ${flags} from ${relation} as "checked")`;
}

async function holds(session: DuckSession, sql: string): Promise<boolean | null> {
  try {
    const page = await session.rows(sql);
    const answer = page.rows[0]?.[0];
    return typeof answer === 'boolean' ? answer : null;
  } catch (error) {
    if (isFatal(error)) throw error;
    return null;
  }
}

/** Anything but a query that the engine refused ends the task: cancelled, out of memory, timed out. */
function isFatal(error: unknown): boolean {
  return !(error instanceof Error && 'code' in error && error.code === 'query-failed');
}

function reportOf(rule: RowRule, violations: number | null): CheckReport {
  const base = { rule: rule.label, outcome: rule.outcome };
  if (violations === null) return { ...base, status: 'not-evaluated', violations: null };
  if (violations === 0) return { ...base, status: 'passed', violations };
  return { ...base, status: rule.outcome === 'fail' ? 'failed' : 'warned', violations };
}

function tableReport(rule: CompiledRule, ok: boolean | null): CheckReport {
  const base = { rule: rule.label, outcome: rule.outcome, violations: null };
  if (ok === null) return { ...base, status: 'not-evaluated' };
  if (ok) return { ...base, status: 'passed' };
  return { ...base, status: rule.outcome === 'fail' ? 'failed' : 'warned' };
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

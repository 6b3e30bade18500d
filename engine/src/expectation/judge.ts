import type { CheckReport } from '@datacraft/shared';
import { quoteLiteral } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import { NOT_ASKED } from './refusal.ts';
import type { RowRule } from './row-check.ts';
import { PREFIX, countViolations, flaggedBy, isTaker, reportOf } from './row-check.ts';
import type { CompiledRule } from './rule.ts';
import type { Past } from './whole-check.ts';
import { reportOfWhole } from './whole-check.ts';

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

/** `beside` names rows that are there already: rules over the whole look at both. Evaluates `rules` over `relation` (a SQL name of `session`) in one pass for row rules, one query for each other. What is measured is measured of the rows that stay. */
export async function judge(
  session: DuckSession,
  relation: string,
  rules: readonly CompiledRule[],
  past: Past = new Map(),
  beside?: string,
): Promise<Judgement> {
  const rowRules = rules.filter((rule) => rule.kind === 'row');
  const { counts, total } =
    rowRules.length === 0 ? { counts: [], total: 0 } : await countViolations(session, relation, rowRules);
  const rowChecks = rowRules.map((rule, index) => reportOf(rule, counts[index] ?? NOT_ASKED, total));
  const stays = rowChecks.every(isFine) ? splitOf(rowRules, flaggedBy(rowRules, relation)) : null;
  const kept = stays === null ? relation : `(${stays.keep})`;
  const whole = beside === undefined ? null : `(select * from ${beside} union all by name select * from ${kept})`;
  const others: CheckReport[] = [];
  for (const rule of rules)
    if (rule.kind !== 'row')
      others.push(await reportOfWhole(session, whole ?? (rule.kind === 'measure' ? kept : relation), rule, past));
  const checks = [...rowChecks, ...others];
  const mayPublish = checks.every(isFine);
  const split = mayPublish ? stays : null;
  const taken = counts.some((count, index) => isTaker(rowRules[index]) && typeof count === 'number' && count > 0);
  return { checks, mayPublish, split, removed: split && taken ? await countRemoved(session, relation, split) : 0 };
}

function isFine({ status }: CheckReport): boolean {
  return status === 'passed' || status === 'warned';
}

/** The rows of `relation` (a SQL name, or a SELECT in brackets) that stay and go by `rules`; null when none goes. */
export function splitSql(rules: readonly CompiledRule[], relation: string): Split | null {
  const rowRules = rules.filter((rule) => rule.kind === 'row');
  return splitOf(rowRules, flaggedBy(rowRules, relation));
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

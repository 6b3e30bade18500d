import type { RelationRef } from '@datacraft/shared';
import { historyOf } from '../expectation/distribution.ts';
import type { Past } from '../expectation/whole-check.ts';
import type { CompiledRule } from '../expectation/rule.ts';
import type { Queryable } from '../store/database.ts';

/** What each measured rule that is held against its history last said, of results that passed. */
export async function measuredBefore(
  db: Queryable,
  { layer, name }: RelationRef,
  rules: readonly CompiledRule[],
): Promise<Past> {
  const past = new Map<string, number[]>();
  for (const rule of rules) {
    const count = rule.kind === 'measure' ? historyOf(rule.band) : 0;
    if (count === 0) continue;
    const { rows } = await db.query<{ value: number }>(
      `select value from checks
        where layer = $1 and name = $2 and rule = $3 and status = 'passed' and value is not null
        order by id desc limit $4`,
      [layer, name, rule.label, count],
    );
    past.set(
      rule.label,
      rows.map(({ value }) => value),
    );
  }
  return past;
}

import type { SqlSpec } from '@datacraft/shared';
import type { StreamShape } from './shape.ts';

type Ruled = Pick<SqlSpec, 'expect' | 'contract'>;

/** Rules that say the same of the rows of a commit as of all rows. */
const ofParts = new Set(['not_null', 'unique', 'accepted_values', 'relationships', 'expression', 'freshness']);

/** The place and the reason of a rule that needs all rows of a table, where a commit makes a part of them. Null when there is none. */
export function wholeRule(
  { expect = [], contract }: Ruled,
  { kind }: StreamShape,
): { path: (string | number)[]; message: string } | null {
  for (const [index, rule] of expect.entries()) {
    const path = ['expect', index];
    if ('unique' in rule && kind === 'rows')
      return { path, message: '`unique` is about all rows of the table: group by the key and the time first' };
    if ('mostly' in rule || !Object.keys(rule).some((key) => ofParts.has(key)))
      return { path, message: `\`${Object.keys(rule)[0] ?? ''}\` is about all rows of the table` };
    if ('on_violation' in rule && rule.on_violation === 'quarantine' && kind !== 'rows')
      return {
        path,
        message: 'rows of windows are corrected, so none is set aside: use `on_violation: drop` or `fail`',
      };
  }
  if (contract?.mode !== 'quarantine' || kind === 'rows') return null;
  return { path: ['contract'], message: 'rows of windows are corrected, so none is set aside: use another mode' };
}

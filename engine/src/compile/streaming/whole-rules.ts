import type { SqlSpec } from '@datacraft/shared';
import type { StreamShape } from './shape.ts';

type Ruled = Pick<SqlSpec, 'expect' | 'contract'>;

/** The place and the reason of a rule that needs all rows of a table, where a commit makes a part of them. Null when there is none. */
export function wholeRule(
  { expect = [], contract }: Ruled,
  { kind }: StreamShape,
): { path: (string | number)[]; message: string } | null {
  for (const [index, rule] of expect.entries()) {
    if ('row_count' in rule) return { path: ['expect', index], message: '`row_count` is about all rows of the table' };
    if ('unique' in rule && kind === 'rows')
      return {
        path: ['expect', index],
        message: '`unique` is about all rows of the table: group by the key and the time first',
      };
    if ('on_violation' in rule && rule.on_violation === 'quarantine' && kind !== 'rows')
      return {
        path: ['expect', index],
        message: 'rows of windows are corrected, so none is set aside: use `on_violation: drop` or `fail`',
      };
  }
  if (contract?.mode !== 'quarantine' || kind === 'rows') return null;
  return { path: ['contract'], message: 'rows of windows are corrected, so none is set aside: use another mode' };
}

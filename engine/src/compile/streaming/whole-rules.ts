import type { Expectation, Said, SqlSpec, Words } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import type { StreamShape } from './shape.ts';

type Ruled = Pick<SqlSpec, 'expect' | 'contract' | 'output'>;

interface Found {
  readonly path: (string | number)[];
  readonly message: Words;
}

/** Rules that say the same of the rows of a commit as of all rows. */
const ofRows = new Set(['not_null', 'accepted_values', 'relationships', 'expression']);

/** The place and the reason of a rule that needs all rows of a table, where a commit makes a part of them. Null when there is none. */
export function wholeRule({ expect = [], contract, output }: Ruled, shape: StreamShape): Found | null {
  const isCorrected = shape.kind !== 'rows' && output !== 'final';
  for (const [index, rule] of expect.entries()) {
    const message = reasonOf(rule, shape) ?? (isCorrected && setsAside(rule) ? noneAside(OF_RULE) : null);
    if (message !== null) return { path: ['expect', index], message };
  }
  return contract?.mode === 'quarantine' && isCorrected
    ? { path: ['contract'], message: noneAside(OF_CONTRACT) }
    : null;
}

function reasonOf(rule: Expectation, shape: StreamShape): Words | null {
  const name = Object.keys(rule)[0] ?? '';
  if ('mostly' in rule) return say('`{name}` with `mostly` is about all rows of the table', { name });
  if ('unique' in rule) return uniqueReason([rule.unique].flat(), shape);
  if ('freshness' in rule)
    return '`freshness` is about the newest row of the whole table: let an alert of kind `freshness` watch the table';
  return Object.keys(rule).some((key) => ofRows.has(key))
    ? null
    : say('`{name}` is about all rows of the table', { name });
}

/** Rows of one time are made, judged and final together: with that time, a key that comes twice comes twice in one commit. */
function uniqueReason(columns: readonly string[], shape: StreamShape): Words | null {
  if (shape.kind === 'rows') return '`unique` is about all rows of the table: group by the key and the time first';
  const time = shape.kind === 'windows' ? shape.key : shape.end;
  if (columns.some((name) => name.toLowerCase() === time.toLowerCase())) return null;
  return say('`unique` without `{time}` is about all rows of the table, also final ones: add `{time}` to its columns', {
    time,
  });
}

function setsAside(rule: Expectation): boolean {
  return 'on_violation' in rule && rule.on_violation === 'quarantine';
}

const OF_RULE = say('use `on_violation: drop` or `fail`');
const OF_CONTRACT = say('use another mode');

function noneAside(instead: Said): Said {
  return say('rows of windows are corrected, so none is set aside: {instead}, or `output: final`', { instead });
}

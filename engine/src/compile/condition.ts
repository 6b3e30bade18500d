import { Fault, say } from '@datacraft/shared';
import { namesOf } from './definition.ts';
import { isOneExpression } from './one-expression.ts';
import type { Parse } from './select.ts';
import { readSelect } from './select.ts';

/** Throws `bad-request` unless the text is one condition over the columns of a row, which reads nothing else. */
export async function refuseOtherThanCondition(text: string, parse: Parse): Promise<void> {
  const select = await readSelect(`select (${text}\n)`, namesOf([]), parse);
  const error = select.findings.find((finding) => finding.severity === 'error');
  if (error !== undefined) throw new Fault('bad-request', error.message);
  const reads = select.dependsOn.length + select.tables.length + select.sides.length + select.inputs.length;
  if (reads === 0 && isOneExpression(text)) return;
  throw new Fault(
    'bad-request',
    say('{text} is no condition: write one expression over the columns of a row, such as `amount >= 0`', { text }),
  );
}

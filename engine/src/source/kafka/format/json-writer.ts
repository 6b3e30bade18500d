import type { Column } from '@datacraft/shared';
import { quoteIdentifier, quoteLiteral } from '@datacraft/shared';

/** SQL of a row as a JSON object with every digit of its numbers. What JSON has no number for goes as text. */
export function jsonRow(columns: readonly Column[]): string {
  const fields = columns.map((column, at) => {
    const name = `${at === 0 ? '{' : ','}${JSON.stringify(column.name)}:`;
    return `${quoteLiteral(name)} || coalesce(${jsonText(column)}, 'null')`;
  });
  return `${fields.join(' || ')} || '}'`;
}

function jsonText({ name, type }: Column): string {
  const value = quoteIdentifier(name);
  if (/^(DECIMAL|HUGEINT|UHUGEINT)/.test(type) && !type.endsWith(']')) return `${value}::varchar`;
  const text = `to_json(${value})::varchar`;
  if (type !== 'FLOAT' && type !== 'DOUBLE') return text;
  return `case when isfinite(${value}) then ${text} else to_json(${value}::varchar)::varchar end`;
}

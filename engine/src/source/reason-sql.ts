import type { HolesOf } from '@datacraft/shared';
import type { Reason } from '@datacraft/shared/portuguese';
import { quoteText } from './sql-text.ts';

/** The text of a reason as SQL, of whose holes each is filled by an expression. */
export function reasonSql<Key extends Reason>(key: Key, holes: Readonly<Record<HolesOf<Key>, string>>): string {
  const filled: Readonly<Record<string, string>> = holes;
  const parts = key.split(/\{(\w+)\}/).map((part, at) => (at % 2 === 0 ? quoteText(part) : (filled[part] ?? 'null')));
  return parts.filter((part) => part !== "''").join(' || ');
}

/** Why a value is not of its column. `text` is an expression. */
export function misfitSql({ name, type }: { readonly name: string; readonly type: string }, text: string): string {
  const value = `left(${text}, 100)`;
  return reasonSql('{column}: could not convert {value} to {type}', {
    column: quoteText(name),
    value,
    type: quoteText(type),
  });
}

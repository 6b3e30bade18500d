import type { SaidValue } from '@datacraft/shared';
import { english, Fault, say } from '@datacraft/shared';
import { nearNames } from './near-name.ts';

const TYPE = /^[A-Za-z][A-Za-z0-9_ ,()[\]"]*$/;

/** Declared types keyed by the source's own spelling of each column. Unknown columns and odd types are faults. */
export function declaredTypes(
  declared: Readonly<Record<string, string>> | undefined,
  names: readonly string[],
  shownAs: string,
): ReadonlyMap<string, string> {
  const bySpelling = new Map(names.map((name) => [name.toLowerCase(), name]));
  const types = new Map<string, string>();
  for (const [column, type] of Object.entries(declared ?? {})) {
    const name = bySpelling.get(column.trim().toLowerCase());
    if (name === undefined) throw unknownColumn(column, names, shownAs);
    types.set(name, checkedType(column, type, shownAs));
  }
  return types;
}

/** A declared type becomes part of a statement: one type, whose brackets close in it. */
export function checkedType(column: string, type: string, shownAs: string): string {
  if (isOneType(type)) return type;
  throw new Fault(
    'source-unreadable',
    say(
      'column "{column}" is declared as "{type}", which is not a type: use a DuckDB type such as bigint, decimal(12,2), varchar, date or timestamp',
      { column, type },
    ),
    { file: shownAs },
  );
}

/** Whether a text that becomes part of a statement is one type and nothing else. */
export function isOneType(type: string): boolean {
  return TYPE.test(type) && closes(type);
}

/** A comma outside of brackets, or a bracket that the type did not open, would end it. */
function closes(type: string): boolean {
  let depth = 0;
  for (const character of type.replaceAll(/"[^"]*"/g, '')) {
    if (character === '(' || character === '[') depth += 1;
    if (character === ')' || character === ']') depth -= 1;
    if (depth < 0 || character === '"' || (character === ',' && depth === 0)) return false;
  }
  return depth === 0;
}

function unknownColumn(column: string, names: readonly string[], shownAs: string): Fault {
  const [near, ...others] = nearNames(column, names);
  const known = names.length > 12 ? `${names.slice(0, 12).join(', ')}, … (${names.length})` : names.join(', ');
  const either = (one: SaidValue, other: string) => say('{one} or {other}', { one, other });
  const hint =
    near === undefined
      ? say('its columns are {known}', { known })
      : say('did you mean {near}?', { near: others.reduce<SaidValue>(either, near) });
  return new Fault(
    'source-unreadable',
    say('{shownAs} has no column "{column}", which columns: declares; {hint}', { shownAs, column, hint }),
    {
      file: shownAs,
      hint: english(hint),
      declared: column,
    },
  );
}

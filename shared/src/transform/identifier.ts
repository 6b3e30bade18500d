import { quoteIdentifier } from '../sql/quote.ts';

const reserved = new Set(
  `all analyse analyze and anti any array as asc asof asymmetric at authorization between binary both by case cast check collate
collation column concurrently constraint create cross current_date default deferrable desc describe distinct do else end
except exclude exists false fetch filter for foreign freeze from full generated glob grant group having ilike in
initially inner intersect into is isnull join lambda lateral leading left like limit map natural not notnull null
offset on only or order outer overlaps pivot pivot_longer pivot_wider placing positional primary qualify references replace
returning right row rows select semi set show similar some summarize symmetric table tablesample then to trailing true try_cast
union unique unpivot user using values variadic verbose when where window with within`.split(/\s+/),
);

/** As a person would write it: quoted where it must be. */
export function plainIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : quoteIdentifier(name);
}

export function plainList(names: string | readonly string[], separator = ', '): string {
  return listOf(names).map(plainIdentifier).join(separator);
}

/** `orders` and `silver.orders`. */
export function plainTable(name: string): string {
  return name.split('.').map(plainIdentifier).join('.');
}

export function listOf(names: string | readonly string[] | undefined): readonly string[] {
  return names === undefined ? [] : typeof names === 'string' ? [names] : names;
}

import { quoteName } from '../sql-text.ts';

type Types = Readonly<Record<string, string>>;

const isBytes = (type: string) => /\bBLOB\b/.test(type);

/** In a file of records bytes are texts, with `\\x00` for what cannot stand there. */
export function asTexts(types: Types): Types {
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, type.replaceAll(/\bBLOB\b/g, 'VARCHAR')]),
  );
}

/** Those columns as bytes again, unless the cell declares another type. */
export function withBytes(select: string, types: Types, declared: Types): string {
  const columns = Object.entries(types).filter(([name, type]) => isBytes(type) && declared[name] === undefined);
  if (columns.length === 0) return select;
  const casts = columns.map(([name, type]) => `cast(${quoteName(name)} as ${type}) as ${quoteName(name)}`);
  return `select * replace (${casts.join(', ')}) from (${select})`;
}

import { Fault } from '@datacraft/shared';

/** A DuckDB type, read from its own word for it. */
export type DuckType =
  | { readonly kind: 'primitive'; readonly name: string; readonly args: string }
  | { readonly kind: 'list'; readonly element: DuckType }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: DuckType }[] }
  | { readonly kind: 'map'; readonly key: DuckType; readonly value: DuckType };

/** Reads what DESCRIBE prints: `STRUCT(x BIGINT, "y w" VARCHAR)[]`, `MAP(VARCHAR, INTEGER[3])`, `ENUM('a', 'b)')`. */
export function parseDuckType(text: string): DuckType {
  const reader = { text, at: 0 };
  const type = readType(reader);
  skipSpace(reader);
  if (reader.at !== text.length) fail(reader);
  return type;
}

interface Reader {
  readonly text: string;
  at: number;
}

function readType(reader: Reader): DuckType {
  let type = readBase(reader);
  for (;;) {
    const suffix = /\s*\[\d*\]/y;
    suffix.lastIndex = reader.at;
    const found = suffix.exec(reader.text);
    if (!found) return type;
    reader.at = suffix.lastIndex;
    type = { kind: 'list', element: type };
  }
}

function readBase(reader: Reader): DuckType {
  skipSpace(reader);
  if (reader.text[reader.at] === '"')
    return { kind: 'primitive', name: readQuoted(reader, '"').toUpperCase(), args: '' };
  const name = take(reader, /[A-Za-z_0-9]+(?: [A-Za-z_0-9]+)*/y).toUpperCase();
  if (reader.text[reader.at] !== '(') return { kind: 'primitive', name, args: '' };
  if (name === 'STRUCT' && !isUnnamed(reader)) return { kind: 'struct', fields: readFields(reader) };
  if (name === 'MAP') return readMap(reader);
  return { kind: 'primitive', name, args: readArguments(reader) };
}

function readMap(reader: Reader): DuckType {
  take(reader, /\(/y);
  const key = readType(reader);
  take(reader, /\s*,/y);
  const value = readType(reader);
  take(reader, /\s*\)/y);
  return { kind: 'map', key, value };
}

function readFields(reader: Reader): { name: string; type: DuckType }[] {
  take(reader, /\(/y);
  const fields: { name: string; type: DuckType }[] = [];
  for (;;) {
    skipSpace(reader);
    const name = reader.text[reader.at] === '"' ? readQuoted(reader, '"') : take(reader, /[^\s,()]+/y);
    fields.push({ name, type: readType(reader) });
    if (take(reader, /\s*[,)]/y).trim() === ')') return fields;
  }
}

/** Whether these are the types of `row(1, 2)`, whose fields have no names: kept as a primitive, for Parquet has none. */
function isUnnamed(reader: Reader): boolean {
  const first = /\(\s*(?:"(?:[^"]|"")*"|[^\s,()[]+)\s*(.)/y;
  first.lastIndex = reader.at;
  const after = first.exec(reader.text)?.[1];
  return after !== undefined && ',()['.includes(after);
}

/** What stands between the brackets, with brackets and quotes in it balanced. */
function readArguments(reader: Reader): string {
  const start = ++reader.at;
  for (let depth = 1; depth > 0;) {
    const mark = reader.text[reader.at];
    if (mark === undefined) fail(reader);
    if (mark === "'" || mark === '"') {
      readQuoted(reader, mark);
      continue;
    }
    if (mark === '(') depth++;
    if (mark === ')') depth--;
    reader.at++;
  }
  return reader.text.slice(start, reader.at - 1);
}

function readQuoted(reader: Reader, quote: '"' | "'"): string {
  const quoted = take(reader, quote === '"' ? /"(?:[^"]|"")*"/y : /'(?:[^']|'')*'/y);
  return quoted.slice(1, -1).replaceAll(quote + quote, quote);
}

function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (!found) fail(reader);
  reader.at = pattern.lastIndex;
  return found[0];
}

function skipSpace(reader: Reader): void {
  while (reader.text[reader.at] === ' ') reader.at++;
}

function fail(reader: Reader): never {
  throw new Fault('internal', `expected a DuckDB type, got ${JSON.stringify(reader.text)} (stopped at ${reader.at})`);
}

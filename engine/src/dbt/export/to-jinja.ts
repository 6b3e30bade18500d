import { quoteIdentifier } from '@datacraft/shared';
import { offsetOfByte } from '../../compile/position.ts';
import type { Parse } from '../../compile/select.ts';
import type { TableRead } from '../../compile/sql-reads.ts';
import { readsOf } from '../../compile/sql-reads.ts';
import { tokensOf } from '../../compile/sql-token.ts';

/** What a name stands for in the project: an expression of Jinja, or null when the project has nothing of that name. */
export interface JinjaNames {
  /** `schema` is empty for bare names. */
  table(schema: string, name: string): string | null;
  parameter(name: string): string | null;
}

export interface JinjaText {
  readonly text: string;
  /** Names that have no place in the text, or nothing they stand for. */
  readonly unresolved: readonly string[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const dottedName = /(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+))*/uy;

/** One SELECT with its tables as ref() and source(), its parameters as literals, and nothing else that Jinja would run. */
export async function toJinja(sql: string, names: JinjaNames, parse: Parse): Promise<JinjaText> {
  const tree = await parse(sql);
  if (tree.kind === 'error') return { text: escaped(sql), unresolved: [tree.message] };
  const reads = readsOf(tree.statements[0]);
  const edits: Edit[] = [];
  const unresolved: string[] = [];
  const placeless = new Map<string, string>();
  for (const read of reads.tables) {
    const stands = names.table(read.schema, read.name);
    const name = read.schema === '' ? read.name : `${read.schema}.${read.name}`;
    if (stands === null) unresolved.push(name);
    else {
      const edit = editOf(sql, read, stands);
      if (edit !== null) edits.push(edit);
      else if (read.schema === '') placeless.set(read.name, stands);
      else unresolved.push(name);
    }
  }
  for (const token of tokensOf(sql)) {
    if (token.kind !== 'parameter') continue;
    const text = names.parameter(sql.slice(token.start + 1, token.end));
    if (text !== null) edits.push({ start: token.start, end: token.end, text });
  }
  return { text: named(applied(sql, edits), placeless), unresolved: [...new Set(unresolved)] };
}

function editOf(sql: string, read: TableRead, stands: string): Edit | null {
  const start = offsetOfByte(sql, read.at);
  if (start === null) return null;
  dottedName.lastIndex = start;
  const found = dottedName.exec(sql)?.[0];
  const plain = found?.replace(/"|\s/g, '').toLowerCase();
  if (found === undefined || plain?.split('.').at(-1) !== read.name) return null;
  const alias = read.aliased
    ? ''
    : ` as ${/^[a-z_][a-z0-9_]*$/.test(read.name) ? read.name : quoteIdentifier(read.name)}`;
  return { start, end: start + found.length, text: stands + alias };
}

function applied(sql: string, edits: readonly Edit[]): string {
  let text = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < at) continue;
    text += escaped(sql.slice(at, edit.start)) + edit.text;
    at = edit.end;
  }
  return text + escaped(sql.slice(at));
}

/** Names without a place in the text are given to it as entries of a WITH around it. */
function named(text: string, placeless: ReadonlyMap<string, string>): string {
  if (placeless.size === 0) return text;
  const entries = [...placeless].map(([name, stands]) => `${quoteIdentifier(name)} as (select * from ${stands})`);
  return `with ${entries.join(', ')}\nselect * from (\n${text}\n)`;
}

/** Text that Jinja gives back as it is. */
export function escaped(text: string): string {
  return text.replace(/\{[{%#]/g, (mark) => `{{ '${mark}' }}`);
}

import type { ImportFinding, JsonObject } from '@datacraft/shared';
import { isLayer, offsetToLineColumn, say, worded } from '@datacraft/shared';
import { offsetOfByte } from '../compile/position.ts';
import type { Parse } from '../compile/select.ts';
import { readsOf } from '../compile/sql-reads.ts';
import type { SqlToken } from '../compile/sql-token.ts';
import { tokensOf } from '../compile/sql-token.ts';
import type { CellDraft } from './draft.ts';
import { fenced, FreeNames, prose } from './draft.ts';

/** Names that statements gave so far, as the script says them, in lower case → the cell. */
export interface ScriptScope {
  readonly names: FreeNames;
  readonly made: Map<string, string>;
}

export const newScope = (): ScriptScope => ({ names: new FreeNames(), made: new Map() });

interface Statement {
  readonly start: number;
  readonly tokens: readonly SqlToken[];
}

/** The statements of a script: what makes a table, view or result is a cell, the rest stays as text. */
export async function scriptCells(
  text: string,
  file: string,
  parse: Parse,
  scope: ScriptScope,
  findings: ImportFinding[],
  called = 'query',
): Promise<CellDraft[]> {
  const drafts: CellDraft[] = [];
  for (const { tokens } of statementsOf(text)) {
    const code = tokens.findIndex((token) => token.kind !== 'comment');
    const comments = (code === -1 ? tokens : tokens.slice(0, code)).map((token) =>
      commentText(text.slice(token.start, token.end)),
    );
    const said = comments.join('\n').trim();
    if (said !== '') drafts.push(prose(said, file));
    if (code !== -1) drafts.push(await statementCell(text, tokens.slice(code), file, parse, scope, findings, called));
  }
  return drafts;
}

function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let tokens: SqlToken[] = [];
  const end = () => {
    const [first] = tokens;
    if (first) statements.push({ start: first.start, tokens });
    tokens = [];
  };
  for (const token of tokensOf(text)) {
    if (token.kind === 'symbol' && text[token.start] === ';') end();
    else tokens.push(token);
  }
  end();
  return statements;
}

function commentText(comment: string): string {
  if (comment.startsWith('--')) return comment.slice(2).replace(/^ /, '');
  return comment
    .replace(/^\/\*+|\*+\/$/g, '')
    .replace(/^[ \t]*\*[ \t]?/gm, '')
    .trim();
}

async function statementCell(
  text: string,
  tokens: readonly SqlToken[],
  file: string,
  parse: Parse,
  scope: ScriptScope,
  findings: ImportFinding[],
  called: string,
): Promise<CellDraft> {
  const [first] = tokens;
  const start = first?.start ?? 0;
  const whole = text.slice(start, tokens.at(-1)?.end ?? text.length).trim();
  const word = first === undefined ? '' : text.slice(first.start, first.end).toLowerCase();
  const made = word === 'create' ? creationOf(text, tokens) : null;
  const isQuery = /^(select|with|from|values|table|describe|summarize|pivot|unpivot|\()$/.test(word);
  if (made === null && !isQuery) {
    const words = say('{word} makes no table from a SELECT: it is kept as text', { word: word.toUpperCase() });
    findings.push({ file, ...offsetToLineColumn(text, start), severity: 'warning', ...worded(words) });
    return prose(fenced('sql', whole), file);
  }
  const source = await renamed(made?.select ?? whole, scope, parse);
  const name = scope.names.take(made?.name ?? called);
  if (made !== null) {
    scope.made.set([...made.schema, made.name].join('.').toLowerCase(), name);
    scope.made.set(made.name.toLowerCase(), name);
  }
  const layer = made?.schema.at(-1)?.toLowerCase() ?? '';
  const config: JsonObject = {
    ...(isLayer(layer) && layer !== 'silver' ? { layer } : {}),
    ...(made?.kind === 'view' ? { materialize: 'view' } : {}),
  };
  return { kind: 'sql', name, source, config, file };
}

interface Creation {
  readonly kind: 'table' | 'view';
  readonly schema: readonly string[];
  readonly name: string;
  readonly select: string;
}

/** `create [or replace] [temp] table|view [if not exists] a.b [(columns)] as …`; null for any other statement. */
function creationOf(text: string, tokens: readonly SqlToken[]): Creation | null {
  const code = tokens.filter((token) => token.kind !== 'comment');
  const word = (at: number) => text.slice(code[at]?.start ?? 0, code[at]?.end ?? 0);
  let at = 1;
  const skip = (...words: readonly string[]) => {
    if (words.every((each, index) => word(at + index).toLowerCase() === each)) at += words.length;
  };
  skip('or', 'replace');
  skip('temp');
  skip('temporary');
  skip('materialized');
  const kind = word(at).toLowerCase();
  if (kind !== 'table' && kind !== 'view') return null;
  at += 1;
  skip('if', 'not', 'exists');
  const parts = [unquoted(word(at))];
  at += 1;
  while (word(at) === '.') {
    parts.push(unquoted(word(at + 1)));
    at += 2;
  }
  const columns = word(at) === '(' ? code.slice(at).findIndex((token) => text[token.start] === ')') : -1;
  const list = columns === -1 ? null : text.slice(code[at]?.start ?? 0, code[at + columns]?.end ?? 0);
  if (columns !== -1) at += columns + 1;
  if (word(at).toLowerCase() !== 'as') return null;
  const body = text.slice(code[at]?.end ?? 0, tokens.at(-1)?.end ?? text.length).trim();
  const select = list === null ? body : `select * from (\n${body}\n) as made${list}`;
  return { kind, schema: parts.slice(0, -1), name: parts.at(-1) ?? '', select };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

const dotted = /(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+))*/uy;

/** Tables that earlier statements made are read by the names of their cells. */
async function renamed(sql: string, { made }: ScriptScope, parse: Parse): Promise<string> {
  const tree = await parse(sql);
  if (tree.kind === 'error') return sql;
  const edits: { start: number; end: number; text: string }[] = [];
  for (const read of readsOf(tree.statements[0]).tables) {
    const start = offsetOfByte(sql, read.at);
    if (start === null || isLayer(read.schema)) continue;
    const cell =
      made.get([read.catalog, read.schema, read.name].filter((part) => part !== '').join('.')) ??
      (read.schema === '' ? undefined : made.get(`${read.schema}.${read.name}`));
    dotted.lastIndex = start;
    const found = dotted.exec(sql)?.[0];
    if (cell === undefined || found === undefined || found === cell) continue;
    const alias = read.aliased || cell === read.name ? '' : ` as "${read.name}"`;
    edits.push({ start, end: start + found.length, text: cell + alias });
  }
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), sql);
}

import { bindParameters, isLayer, type Params, quoteIdentifier, type Said, say } from '@datacraft/shared';

import { literalOf } from './literal.ts';

/** A cell's text made ready for the engine, and the way back from places in it to places in the text. */
export interface Statement {
  readonly sql: string;
  /** 0-based UTF-16 offset in `sql` to one in the text as typed. */
  readonly toText: (offset: number) => number;
  /** Words that may be names: candidates for what it reads, never proof. */
  readonly words: ReadonlySet<string>;
  /** `layer.name` as written: published tables. */
  readonly tables: readonly { readonly layer: string; readonly name: string }[];
  /** `$names` that it reads. */
  readonly variables: readonly string[];
}

export type Prepared =
  | { readonly kind: 'statement'; readonly statement: Statement }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly why: Said; readonly offset: number };

const OPENERS = new Set([
  'select',
  'with',
  'from',
  'values',
  'table',
  'pivot',
  'unpivot',
  'describe',
  'summarize',
  'show',
  '(',
]);

interface Token {
  readonly kind: 'word' | 'quoted' | 'param' | 'semicolon' | 'other' | 'skip';
  readonly start: number;
  readonly end: number;
}

/** Strings, quoted names, comments and dollar quotes are passed over whole. */
const TOKEN =
  /(?<skip>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|\$(?<tag>[A-Za-z_]\w*)?\$[\s\S]*?(?:\$\k<tag>\$|$))|(?<quoted>"(?:[^"]|"")*(?:"|$))|(?<param>\$[A-Za-z_]\w*)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<semicolon>;)|(?<number>[0-9][\w.]*)|(?<other>[\s\S])/uy;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null && found[0] !== ''; found = TOKEN.exec(text)) {
    const groups = found.groups ?? {};
    const kind = (['word', 'quoted', 'param', 'semicolon', 'skip'] as const).find((k) => groups[k] !== undefined);
    tokens.push({ kind: kind ?? 'other', start: found.index, end: found.index + found[0].length });
  }
  return tokens;
}

export function prepareText(text: string): Prepared {
  const tokens = tokensOf(text);
  const solid = tokens.filter((token) => token.kind !== 'skip');
  const lastSolid = solid.findLastIndex((token) => token.kind !== 'semicolon');
  const first = solid.find((token) => token.kind !== 'semicolon');
  if (first === undefined) return { kind: 'empty' };
  const early = solid.slice(0, lastSolid).find((token) => token.kind === 'semicolon');
  if (early !== undefined) {
    const why = say('a cell holds exactly one SELECT: move the rest to a cell of its own');
    return { kind: 'refused', why, offset: early.start };
  }
  const word = text.slice(first.start, first.end);
  if (!OPENERS.has(word.toLowerCase())) {
    const why = say('a cell holds one SELECT, not {word}: tables are made by the cell itself', {
      word: word.toUpperCase(),
    });
    return { kind: 'refused', why, offset: first.start };
  }
  const end = solid[lastSolid]?.end ?? text.length;
  return {
    kind: 'statement',
    statement: rewrite(
      text.slice(0, end),
      tokens.filter((token) => token.end <= end),
    ),
  };
}

/** Why a cell's text gives no rows to who reads it. */
export function whyNotRead(prepared: Exclude<Prepared, { kind: 'statement' }>): Said {
  return prepared.kind === 'refused' ? prepared.why : say('the cell is empty: write one SELECT');
}

/** The statement as its table has it. What is wrong with what is added is told at the end of the text. */
export function withMade(statement: Statement, made: { before: string; after: string } | undefined): Statement {
  if (made === undefined) return statement;
  const whole = prepareText(made.before + statement.sql + made.after);
  if (whole.kind !== 'statement') return statement;
  const { sql, words, tables } = whole.statement;
  const inText = (offset: number) => Math.min(Math.max(0, offset - made.before.length), statement.sql.length);
  return { sql, words, tables, variables: statement.variables, toText: (at) => statement.toText(inText(at)) };
}

function rewrite(text: string, tokens: readonly Token[]): Statement {
  const { sql, toOriginal, variables } = bindParameters(text);
  const named = tokens.filter((token) => token.kind === 'word' || token.kind === 'quoted');
  const words = new Set(named.map((token) => nameOf(text, token)));
  return { sql, words, tables: tablesOf(text, tokens), variables, toText: toOriginal };
}

/** A layer, a dot and a name, where no column could stand: after FROM, JOIN or a comma. */
function tablesOf(text: string, tokens: readonly Token[]): { layer: string; name: string }[] {
  const solid = tokens.filter((token) => token.kind !== 'skip').map((token) => nameOf(text, token));
  return solid.flatMap((layer, at) => {
    const before = solid[at - 1] ?? 'from';
    const name = solid[at + 2];
    if (name === undefined || solid[at + 1] !== '.' || !isLayer(layer)) return [];
    return ['from', 'join', ',', '('].includes(before) ? [{ layer, name }] : [];
  });
}

function nameOf(text: string, token: Token): string {
  const raw = text.slice(token.start, token.end);
  return (token.kind === 'quoted' ? raw.slice(1, -1).replaceAll('""', '"') : raw).toLowerCase();
}

/** `types` are DuckDB types by parameter, so that NULL and text are bound as what the input says they are. */
export function variableStatements(params: Params, types: Readonly<Record<string, string>>): string[] {
  return Object.entries(params).map(([name, value]) => {
    const type = types[name];
    const literal = literalOf(value);
    return `SET VARIABLE ${quoteIdentifier(name)} = ${type === undefined ? literal : `CAST(${literal} AS ${type})`}`;
  });
}

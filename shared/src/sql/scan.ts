/**
 * Reading SQL text without understanding it: where `$name` parameters stand, and nothing else.
 *
 * S1  A `$` inside a string, a quoted identifier, a comment, a dollar quote or a word is never a parameter.
 * S2  Every scan ends: what is not closed reaches to the end of the text.
 *
 * References and statements are not found here but by the engine's own parser.
 */
import { withEngineSpaces } from './engine-spaces.ts';

export interface ParameterToken {
  /** Without `$`, as written. */
  readonly name: string;
  /** Half-open, in UTF-16 code units, `$` included. */
  readonly start: number;
  readonly end: number;
}

/** The `$name` tokens of a statement in text order. `$1` is positional and is not among them. */
export function scanParameters(text: string): ParameterToken[] {
  const sql = withEngineSpaces(text);
  const found: ParameterToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const parameter = parameterAt(sql, at);
    if (parameter) found.push(parameter);
    at = parameter ? parameter.end : skipToken(sql, at);
  }
  return found;
}

// DuckDB's words: ASCII letters, digits, `_`, `$`, and everything beyond ASCII.
const WORD = /[A-Za-z0-9_\u0080-\u{10ffff}][A-Za-z0-9_$\u0080-\u{10ffff}]*/uy;
const NAME = /[A-Za-z_\u0080-\u{10ffff}][A-Za-z0-9_\u0080-\u{10ffff}]*/u;
const PARAMETER = new RegExp(`\\$(${NAME.source})`, 'uy');
const POSITIONAL = /\$[0-9]+/y;
const DOLLAR_TAG = new RegExp(`\\$(?:${NAME.source})?\\$`, 'uy');

function matchAt(pattern: RegExp, sql: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(sql);
}

function parameterAt(sql: string, at: number): ParameterToken | null {
  if (sql[at] !== '$' || matchAt(DOLLAR_TAG, sql, at)) return null;
  const name = matchAt(PARAMETER, sql, at)?.[1];
  return name === undefined ? null : { name, start: at, end: at + 1 + name.length };
}

/** The offset after the token that begins at `at`; always greater than `at`. */
function skipToken(sql: string, at: number): number {
  const char = sql[at];
  if (char === "'") return skipQuoted(sql, at + 1, "'", false);
  if (char === '"') return skipQuoted(sql, at + 1, '"', false);
  if (char === '-' && sql[at + 1] === '-') return skipLine(sql, at + 2);
  if (char === '/' && sql[at + 1] === '*') return skipBlockComment(sql, at + 2);
  if (char === '$') return skipDollar(sql, at);
  const word = matchAt(WORD, sql, at)?.[0];
  if (word === undefined) return at + 1;
  const end = at + word.length;
  const isEscapeString = (word === 'e' || word === 'E') && sql[end] === "'";
  return isEscapeString ? skipQuoted(sql, end + 1, "'", true) : end;
}

function skipQuoted(sql: string, from: number, quote: string, backslashes: boolean): number {
  let at = from;
  while (at < sql.length) {
    if (backslashes && sql[at] === '\\') at += 2;
    else if (sql[at] !== quote) at += 1;
    else if (sql[at + 1] === quote) at += 2;
    else return at + 1;
  }
  return sql.length;
}

function skipLine(sql: string, from: number): number {
  let at = from;
  while (at < sql.length && sql[at] !== '\n' && sql[at] !== '\r') at += 1;
  return at;
}

function skipBlockComment(sql: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < sql.length && depth > 0) {
    const pair = sql.slice(at, at + 2);
    if (pair === '/*') depth += 1;
    else if (pair === '*/') depth -= 1;
    at += pair === '/*' || pair === '*/' ? 2 : 1;
  }
  return Math.min(at, sql.length);
}

function skipDollar(sql: string, at: number): number {
  const tag = matchAt(DOLLAR_TAG, sql, at)?.[0];
  if (tag === undefined) return at + (matchAt(POSITIONAL, sql, at)?.[0].length ?? 1);
  const close = sql.indexOf(tag, at + tag.length);
  return close === -1 ? sql.length : close + tag.length;
}

/**
 * DuckDB replaces the spaces of Unicode before it reads a statement, but not everywhere: within quotes, comments, dollar
 * quotes and whatever begins like one (`StripUnicodeSpaces`), they stay, and are letters to its lexer. Who finds
 * tokens beside it must read the same text.
 */
const UNICODE_SPACE = /[\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]/u;
const TAG_FIRST = /[A-Za-z_\u0080-\u{10ffff}]/u;
const TAG_CHAR = /[A-Za-z0-9_\u0080-\u{10ffff}]/u;

/** The text as DuckDB's lexer gets it: as long as `sql` in UTF-16 code units, so that offsets hold. */
export function withEngineSpaces(sql: string): string {
  if (!UNICODE_SPACE.test(sql)) return sql;
  const chars = sql.split('');
  const end = examinedUntil(sql);
  let at = 0;
  while (at < end) {
    const char = sql.charAt(at);
    if (UNICODE_SPACE.test(char)) chars[at] = ' ';
    if (char === '"' || char === "'") at = afterQuoted(sql, at + 1, char);
    else if (char === '-' && sql[at + 1] === '-') at = lineEnd(sql, at + 2);
    else if (char === '$') at = afterDollar(sql, at, end);
    else at += 1;
  }
  return chars.join('');
}

/** Its loop looks at a byte only while two more follow: the last two bytes of a statement are never replaced. */
function examinedUntil(sql: string): number {
  let bytes = 0;
  for (let at = sql.length - 1; at >= 0; at -= 1) {
    const code = sql.charCodeAt(at);
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
    if (bytes >= 3) return at + 1;
  }
  return 0;
}

function afterQuoted(sql: string, from: number, quote: string): number {
  for (let at = from; at < sql.length; at += 1) {
    if (sql[at] !== quote) continue;
    if (sql[at + 1] !== quote) return at + 1;
    at += 1;
  }
  return sql.length;
}

function lineEnd(sql: string, from: number): number {
  const length = sql.slice(from).search(/[\n\r]/);
  return length === -1 ? sql.length : from + length;
}

/** Behind what begins as a dollar quote at `at`; at its last `$` where it is closed, which may begin the next one. */
function afterDollar(sql: string, at: number, end: number): number {
  const first = sql.charAt(at + 1);
  if (first !== '$' && !TAG_FIRST.test(first)) return at + 1;
  let tagEnd = at + 1;
  while (tagEnd < end && sql[tagEnd] !== '$' && TAG_CHAR.test(sql.charAt(tagEnd))) tagEnd += 1;
  if (tagEnd >= end) return sql.length;
  if (sql[tagEnd] !== '$') return tagEnd;
  const tag = sql.slice(at, tagEnd + 1);
  const close = sql.indexOf(tag, tagEnd);
  return close === -1 ? sql.length : close + tag.length - 1;
}

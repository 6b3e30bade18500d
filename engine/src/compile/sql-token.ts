export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'string' | 'parameter' | 'number' | 'comment' | 'symbol';
  readonly start: number;
  readonly end: number;
}

const patterns: readonly (readonly [SqlToken['kind'], RegExp])[] = [
  ['comment', /--[^\n\r]*/y],
  ['string', /[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|$)/y],
  ['string', /'(?:''|[^'])*(?:'|$)/y],
  ['quoted', /"(?:""|[^"])*(?:"|$)/y],
  [
    'string',
    /\$((?:(?:[A-Za-z_]|[[\u0080-\u{10ffff}]--[\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]])(?:[A-Za-z0-9_]|[[\u0080-\u{10ffff}]--[\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]])*)?)\$[\s\S]*?(?:\$\1\$|$)/vy,
  ],
  ['parameter', /\$(?:[A-Za-z0-9_]|[[\u0080-\u{10ffff}]--[\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]])+/vy],
  [
    'word',
    /(?:[A-Za-z_]|[[\u0080-\u{10ffff}]--[\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]])(?:[A-Za-z0-9_$]|[[\u0080-\u{10ffff}]--[\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]])*/vy,
  ],
  ['number', /(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][+-]?\d+)?)/y],
];

/** The tokens of a SQL text as DuckDB sees them; white space is left out. Any text has tokens: nothing throws. */
export function tokensOf(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = skipSpace(sql, 0); at < sql.length;) {
    const token = tokenAt(sql, at);
    tokens.push(token);
    at = skipSpace(sql, token.end);
  }
  return tokens;
}

function tokenAt(sql: string, start: number): SqlToken {
  if (sql.startsWith('/*', start)) return { kind: 'comment', start, end: endOfBlockComment(sql, start) };
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const text = pattern.exec(sql)?.[0];
    if (text) return { kind, start, end: start + text.length };
  }
  return { kind: 'symbol', start, end: start + 1 };
}

/** Block comments nest, as in PostgreSQL. */
function endOfBlockComment(sql: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let match = edge.exec(sql); match !== null; match = edge.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}

// DuckDB's spaces, which are not those of JavaScript: what parts tokens there must part them here.
const space = /[ \t-\r\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]*/y;
function skipSpace(sql: string, at: number): number {
  space.lastIndex = at;
  space.exec(sql);
  return space.lastIndex;
}

/** The text of the one statement: without the semicolons that end it and what follows them. Offsets stay the same. */
export function statementText(sql: string, tokens: readonly SqlToken[] = tokensOf(sql)): string {
  let last = tokens.length;
  let cut = sql.length;
  while (last > 0) {
    const token = tokens[last - 1];
    if (token === undefined) break;
    const isEnd = token.kind === 'symbol' && sql[token.start] === ';';
    if (!isEnd && token.kind !== 'comment') break;
    if (isEnd) cut = token.start;
    last -= 1;
  }
  return sql.slice(0, cut);
}

/** Nothing but white space, comments and semicolons. */
export function isEmptyStatement(sql: string, tokens: readonly SqlToken[] = tokensOf(sql)): boolean {
  return tokens.every((token) => token.kind === 'comment' || (token.kind === 'symbol' && sql[token.start] === ';'));
}

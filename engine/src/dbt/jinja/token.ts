import { say } from '@datacraft/shared';
import { JinjaProblem } from './problem.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const space = /\s*/y;
const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['name', /[A-Za-z_]\w*/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['string', /'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"/y],
  ['symbol', /==|!=|<=|>=|\/\/|\*\*|[-+*/%~<>=|.,:()[\]{}]/y],
];

/** The words and signs of an expression, and its end. */
export function tokensOf(text: string, base: number): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    if (at >= text.length) return [...tokens, { kind: 'end', text: '', at: base + at }];
    const token = tokenAt(text, at, base);
    tokens.push(token);
    at += token.text.length;
  }
}

function tokenAt(text: string, at: number, base: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, at: base + at };
  }
  throw new JinjaProblem(say('"{got}" is not part of an expression', { got: text[at] ?? '' }), base + at);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** What a string token stands for. */
export function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\([\s\S])/g, (_, char: string) => escapes[char] ?? char);
}

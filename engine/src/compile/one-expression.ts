import { tokensOf } from './sql-token.ts';

/** No bracket closes what the text did not open: pasted between brackets, it stays between them. */
export function isOneExpression(text: string): boolean {
  let depth = 0;
  for (const token of tokensOf(text)) {
    if (token.kind !== 'symbol') continue;
    const symbol = text[token.start];
    if (symbol === ';') return false;
    if (symbol === '(') depth += 1;
    if (symbol === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

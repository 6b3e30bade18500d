export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * DuckDB's `query_location` counts UTF-8 bytes; editors and diagnostics count UTF-16 units. Null for the engine's
 * "no location" (2^64 - 1, which JSON rounds) and anything else outside the text.
 */
export function offsetOfByte(text: string, byte: unknown): number | null {
  if (typeof byte !== 'number' || byte < 0 || !Number.isSafeInteger(byte)) return null;
  let bytes = 0;
  let offset = 0;
  for (const character of text) {
    if (bytes >= byte) return offset;
    bytes += utf8Length(character.codePointAt(0) ?? 0);
    offset += character.length;
  }
  return bytes >= byte ? offset : null;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** 1-based line and column of a UTF-16 offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, offset));
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (const character of before) if (character === '\n') line += 1;
  return { line, column: before.length - lineStart + 1 };
}

const tokenPattern =
  /(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|\$?[\p{L}\p{N}_$]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+))*/uy;

/** The span of the (possibly dotted) name that starts at `offset`; one character when none does. */
export function spanAt(text: string, offset: number): Span {
  tokenPattern.lastIndex = offset;
  const length = tokenPattern.exec(text)?.[0].length ?? 1;
  return spanOf(text, offset, offset + length);
}

export function spanOf(text: string, start: number, end: number): Span {
  const from = positionAt(text, start);
  const to = positionAt(text, end);
  return { ...from, endLine: to.line, endColumn: to.column };
}

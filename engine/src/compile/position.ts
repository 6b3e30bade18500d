import { byteOffsetToOffset, offsetToLineColumn } from '@datacraft/shared';

export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** DuckDB's `query_location` counts UTF-8 bytes; its "no location" is 2^64 - 1, which JSON rounds. */
export function offsetOfByte(text: string, byte: number | null): number | null {
  return byte === null || byte < 0 ? null : byteOffsetToOffset(text, byte);
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
  const from = offsetToLineColumn(text, start);
  const to = offsetToLineColumn(text, end);
  return { ...from, endLine: to.line, endColumn: to.column };
}

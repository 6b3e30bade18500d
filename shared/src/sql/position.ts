/** 1-based; columns count UTF-16 code units, as editors do. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Where an offset stands. Offsets outside the text are clamped. A line ends at `\n`. */
export function offsetToLineColumn(text: string, offset: number): LineColumn {
  const at = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let lineStart = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) {
    line += 1;
    lineStart = next + 1;
  }
  return { line, column: at - lineStart + 1 };
}

/** From an offset in UTF-8 bytes, which is what DuckDB reports, to one in UTF-16 code units. */
export function byteOffsetToOffset(text: string, byteOffset: number): number {
  let bytes = 0;
  let offset = 0;
  for (const char of text) {
    if (bytes >= byteOffset) break;
    bytes += utf8Length(char.codePointAt(0) ?? 0);
    offset += char.length;
  }
  return offset;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

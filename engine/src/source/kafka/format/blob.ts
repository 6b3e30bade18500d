const HEX = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`);

/** Bytes as DuckDB reads a BLOB from text. */
export function escaped(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte > 31 && byte < 127 && byte !== 92 ? String.fromCharCode(byte) : HEX[byte];
  return text;
}

import { writeFile } from 'node:fs/promises';
import { readBytes } from './scan.ts';
import type { Dialect } from './records.ts';

/**
 * DuckDB counts records where people count lines. For a file with line ends inside quotes this writes, as CSV, after
 * which byte offset how many lines more must be added; the rejects are joined to it.
 */
export async function writeLineShifts(
  path: string,
  gzip: boolean,
  dialect: Dialect,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const rows = ['0,0'];
  for await (const { offset, lines } of lineShifts(readBytes(path, gzip, signal), dialect))
    rows.push(`${offset},${lines}`);
  await writeFile(target, `${rows.join('\n')}\n`);
}

/** `offset` is the 1-based position of the first byte of the record after one that has line ends in it. */
async function* lineShifts(bytes: AsyncIterable<Buffer>, dialect: Dialect) {
  const quote = dialect.quote.charCodeAt(0);
  const escape = dialect.escape === dialect.quote || dialect.escape === '' ? -1 : dialect.escape.charCodeAt(0);
  const delimiterEnd = Buffer.from(dialect.delimiter).at(-1) ?? 44;
  let [at, lines, before] = [0, 0, 0];
  let [quoted, escaped, fieldStart, previous] = [false, false, true, 10];
  for await (const chunk of bytes) {
    for (const byte of chunk) {
      at++;
      if (quoted) {
        if (escaped) escaped = false;
        else if (byte === escape) escaped = true;
        else if (byte === quote) quoted = false;
        else if (byte === 10) lines++;
      } else {
        const ends = byte === 10;
        if (byte === quote && (fieldStart || previous === quote)) quoted = true;
        fieldStart = byte === delimiterEnd || byte === 10 || byte === 13;
        if (ends && lines > before) {
          before = lines;
          yield { offset: at + 1, lines };
        }
      }
      previous = byte;
    }
  }
}

import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import iconv from 'iconv-lite';
import type { ResolvedFile } from '../source.ts';
import type { Dialect } from './records.ts';
import { iconvName } from './sample.ts';
import { readBytes, type TextScan } from './scan.ts';

const QUOTE_NONE = -1;

/**
 * Writes a file again as plain UTF-8 with one kind of line end, for DuckDB: it reads only UTF-8 well, and a file that
 * mixes line ends it refuses or, worse, takes for an empty one.
 */
export async function convertText(
  file: ResolvedFile,
  scan: TextScan,
  dialect: Dialect,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const bytes = Readable.from(convertedBytes(file, scan, dialect, signal), { objectMode: false });
  await pipeline(bytes, createWriteStream(target), signal ? { signal } : {});
}

async function* convertedBytes(file: ResolvedFile, scan: TextScan, dialect: Dialect, signal?: AbortSignal) {
  const unify = scan.newline === 'mixed' ? createNewlineUnifier(dialect) : (bytes: Buffer) => bytes;
  const raw = readBytes(file.path, scan.gzip, signal);
  if (scan.encoding === 'utf-8') {
    for await (const chunk of raw) yield unify(chunk);
    return;
  }
  const decoder = iconv.getDecoder(iconvName(scan.encoding, file.shownAs));
  for await (const chunk of raw) yield unify(Buffer.from(decoder.write(chunk), 'utf8'));
  const rest = decoder.end();
  if (rest) yield unify(Buffer.from(rest, 'utf8'));
}

/** Turns CRLF and CR into LF outside quotes; what is quoted stays as it is. */
export function createNewlineUnifier(dialect: Dialect): (chunk: Buffer) => Buffer {
  const quote = dialect.quote === '' ? QUOTE_NONE : dialect.quote.charCodeAt(0);
  const escape = dialect.escape === '' || dialect.escape === dialect.quote ? QUOTE_NONE : dialect.escape.charCodeAt(0);
  const delimiterEnd = Buffer.from(dialect.delimiter).at(-1) ?? 44;
  let quoted = false;
  let fieldStart = true;
  let escaped = false;
  let afterReturn = false;
  return (chunk) => {
    const out = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0;
      if (quoted) {
        if (escaped) escaped = false;
        else if (byte === escape) escaped = true;
        else if (byte === quote) quoted = false;
        out[length++] = byte;
        afterReturn = false;
        continue;
      }
      if (byte === 10 && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = byte === 13;
      // A doubled quote closes and opens again, which comes to the same.
      if (byte === quote && (fieldStart || chunk[index - 1] === quote)) quoted = true;
      fieldStart = byte === delimiterEnd || byte === 10 || byte === 13;
      out[length++] = byte === 13 ? 10 : byte;
    }
    return out.subarray(0, length);
  };
}

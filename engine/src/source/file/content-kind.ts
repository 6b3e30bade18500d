import { open } from 'node:fs/promises';
import { gunzipSync, constants } from 'node:zlib';
import type { Words } from '@datacraft/shared';
import { asSaid, Fault, say } from '@datacraft/shared';
import type { ResolvedFile } from '../source.ts';

export type TextKind = 'csv' | 'json';
export type FileKind = TextKind | 'parquet' | 'avro' | 'excel';

/** What the first bytes of a file say it is. `text` may be CSV or anything else that people read. */
export type ContentKind =
  | 'text'
  | 'json'
  | 'parquet'
  | 'zip'
  | 'excel'
  | 'old-excel'
  | 'arrow'
  | 'avro'
  | 'sqlite'
  | 'pdf'
  | 'html'
  | 'zstd'
  | 'image'
  | 'binary';

const NAMES: Readonly<Record<ContentKind, string>> = {
  text: 'plain text',
  json: 'JSON',
  parquet: 'a Parquet file',
  zip: 'a zip archive',
  excel: 'an Excel workbook',
  'old-excel': 'an old Excel workbook (.xls)',
  arrow: 'an Arrow file',
  avro: 'an Avro file',
  sqlite: 'an SQLite database',
  pdf: 'a PDF document',
  html: 'a web page (HTML)',
  zstd: 'a zstd archive',
  image: 'an image',
  binary: 'binary data',
};

const ADVICE: Readonly<Partial<Record<ContentKind, string>>> = {
  json: 'use type: json',
  parquet: 'use type: parquet',
  text: 'use type: csv',
  zip: 'unpack it first (gzip, .gz, is read as it is)',
  excel: 'use type: excel',
  'old-excel': 'save it as .xlsx',
  arrow: 'write it as Parquet',
  avro: 'use type: avro',
  sqlite: 'export the table as CSV',
  html: 'the download probably gave a login or error page; get the file itself',
  zstd: 'unpack it first (gzip, .gz, is read as it is)',
};

const HEAD_BYTES = 4096;

/** Refuses a file whose content is plainly not of `kind`, and says what it is. */
export async function checkContent(file: ResolvedFile, kind: FileKind): Promise<void> {
  if (file.sizeBytes === 0) {
    throw unreadable(
      file,
      say('{shownAs} is empty (0 bytes); write it again, or point path: at another file', { shownAs: file.shownAs }),
    );
  }
  const { found, gzip } = await contentKind(file.path);
  if ((kind === 'parquet' || kind === 'avro' || kind === 'excel') && gzip) {
    throw unreadable(
      file,
      say('{shownAs} is a gzip file; unpack it, or use type: csv or json', { shownAs: file.shownAs }),
    );
  }
  if (fits(kind, found)) return;
  const advice = ADVICE[found] ?? 'point path: at another file';
  throw unreadable(
    file,
    say('{shownAs} is read as {kind} but is {found}{zipped}; {advice}', {
      shownAs: file.shownAs,
      kind,
      found: asSaid(NAMES[found]),
      zipped: gzip ? say(', gzipped') : '',
      advice: asSaid(advice),
    }),
  );
}

function fits(kind: FileKind, found: ContentKind): boolean {
  if (kind === 'parquet' || kind === 'avro') return found === kind;
  if (kind === 'json') return found === 'json';
  if (kind === 'excel') return found === 'excel' || found === 'zip';
  return found === 'text';
}

function unreadable(file: ResolvedFile, message: Words): Fault {
  return new Fault('source-unreadable', message, { file: file.shownAs });
}

export async function contentKind(path: string): Promise<{ readonly found: ContentKind; readonly gzip: boolean }> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const gzip = head[0] === 0x1f && head[1] === 0x8b;
    return { found: kindOf(gzip ? unzipHead(head) : head), gzip };
  } finally {
    await handle.close();
  }
}

function unzipHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    // A damaged member is reported, with its reason, by whoever reads the file.
    return Buffer.from('gzip');
  }
}

const MAGIC: readonly (readonly [ContentKind, string])[] = [
  ['parquet', 'PAR1'],
  ['arrow', 'ARROW1'],
  ['avro', 'Obj\x01'],
  ['sqlite', 'SQLite format 3'],
  ['pdf', '%PDF-'],
  ['old-excel', '\xd0\xcf\x11\xe0'],
  ['zstd', '\x28\xb5\x2f\xfd'],
  ['image', '\x89PNG'],
  ['image', '\xff\xd8\xff'],
  ['image', 'GIF8'],
];

function kindOf(head: Buffer): ContentKind {
  const bytes = head.toString('latin1');
  for (const [kind, magic] of MAGIC) if (bytes.startsWith(magic)) return kind;
  if (bytes.startsWith('PK\x03\x04')) return /\[Content_Types\]|xl\//.test(bytes) ? 'excel' : 'zip';
  const wide = bytes.startsWith('\xff\xfe') || bytes.startsWith('\xfe\xff') || isWide(head);
  const text = wide ? bytes.replaceAll('\0', '').slice(2) : bytes.replace(/^\xef\xbb\xbf/, '');
  if (!wide && isBinary(head)) return 'binary';
  if (/^\s*(?:<!doctype html|<html)/i.test(text)) return 'html';
  return looksLikeJson(text) ? 'json' : 'text';
}

function looksLikeJson(text: string): boolean {
  return /^\s*(?:\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\}|$)|\[\s*(?:[[{"\]\-\d]|true|false|null|$))/.test(text);
}

function isWide(head: Buffer): boolean {
  let even = 0;
  let odd = 0;
  head.forEach((byte, index) => {
    if (byte === 0) index % 2 === 0 ? even++ : odd++;
  });
  const half = head.length / 2;
  return half >= 2 && ((odd > half * 0.4 && even < half * 0.05) || (even > half * 0.4 && odd < half * 0.05));
}

/** Many control characters: not text in any encoding. A few NULs are dirt that the reader reports. */
function isBinary(head: Buffer): boolean {
  let control = 0;
  for (const byte of head) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 0x1f) control++;
  return head.length > 0 && control > head.length * 0.3;
}

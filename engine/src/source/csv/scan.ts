import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Fault, say } from '@datacraft/shared';
import { readChunks } from '../file/read-chunks.ts';
import type { ResolvedFile } from '../source.ts';

export type Newline = '\n' | '\r\n' | '\r' | 'mixed';

/** What a pass over all bytes of a text file tells. */
export interface TextScan {
  readonly gzip: boolean;
  /** An iconv name. */
  readonly encoding: string;
  /** How the encoding was found. `mostly`: UTF-8 apart from a few broken bytes. */
  readonly evidence: 'bom' | 'valid' | 'pattern' | 'fallback' | 'mostly';
  readonly newline: Newline;
  /** There is a double quote somewhere. */
  readonly quotes: boolean;
}

const HEAD_BYTES = 64 * 1024;

/**
 * DuckDB rejects a line above 2 MB, but one that fills its buffer of 32 MB it drops without a word, so the reading
 * stops well below that.
 */
const LINE_MAX_BYTES = 16 * 1024 * 1024;
/** Scans are pure functions of the content, and a run asks twice (sniff, then open). */
const remembered = new Map<string, TextScan>();
const REMEMBERED_MAX = 500;

/** A `document` may be one long line. */
export async function scanText(
  file: ResolvedFile,
  signal?: AbortSignal,
  what: 'table' | 'document' = 'table',
): Promise<TextScan> {
  const known = remembered.get(`${what} ${file.sha256}`);
  if (known) return known;
  const scan = await scanBytes(file, what, signal);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(`${what} ${file.sha256}`, scan);
  return scan;
}

/** The bytes of a file, decompressed when it is gzip. */
export async function* readBytes(path: string, gzip: boolean, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const raw = createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) });
  if (!gzip) {
    yield* raw as AsyncIterable<Buffer>;
    return;
  }
  const unzipped = createGunzip({ chunkSize: 1 << 20 });
  raw.on('error', (error) => unzipped.destroy(error));
  raw.pipe(unzipped);
  try {
    yield* unzipped as AsyncIterable<Buffer>;
  } finally {
    raw.destroy();
    unzipped.destroy();
  }
}

export async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const magic = Buffer.alloc(2);
    await handle.read(magic, 0, 2, 0);
    return magic[0] === 0x1f && magic[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function scanBytes(file: ResolvedFile, what: 'table' | 'document', signal?: AbortSignal): Promise<TextScan> {
  const gzip = await isGzip(file.path);
  const utf8 = createUtf8Tally();
  const newlines = createNewlineTally();
  const lengths = createLengthTally();
  let head: Buffer | null = null;
  let quotes = false;
  let wide: { encoding: string; evidence: 'bom' | 'pattern' } | null = null;
  try {
    for await (const chunk of gzip ? readBytes(file.path, true, signal) : readChunks(file.path, signal)) {
      if (head === null) {
        head = Buffer.from(chunk.subarray(0, HEAD_BYTES));
        wide = utf16Of(head);
        if (wide) break;
      }
      utf8.add(chunk);
      newlines.add(chunk);
      quotes ||= chunk.includes(34);
      lengths.add(chunk);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (gzip) {
      throw new Fault(
        'source-unreadable',
        say('{shownAs} begins like a gzip file but cannot be unpacked; the file is cut off or damaged, get it again', {
          shownAs: file.shownAs,
        }),
        { file: file.shownAs },
        { cause: error },
      );
    }
    throw error;
  }
  if (what === 'table' && lengths.tooLong()) throw longLine(file);
  if (wide) return { gzip, ...wide, newline: 'mixed', quotes: true };
  const hasBom = head !== null && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  return { gzip, ...utf8.verdict(hasBom), newline: newlines.verdict(), quotes };
}

function utf16Of(head: Buffer): { encoding: string; evidence: 'bom' | 'pattern' } | null {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', evidence: 'bom' };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', evidence: 'bom' };
  let even = 0;
  let odd = 0;
  for (let index = 0; index < head.length; index++) {
    if (head[index] === 0) index % 2 === 0 ? even++ : odd++;
  }
  const half = head.length / 2;
  if (half >= 2 && odd > half * 0.4 && even < half * 0.05) return { encoding: 'utf-16le', evidence: 'pattern' };
  if (half >= 2 && even > half * 0.4 && odd < half * 0.05) return { encoding: 'utf-16be', evidence: 'pattern' };
  return null;
}

/** Looks only for stretches that long, so it costs next to nothing. */
function createLengthTally() {
  let run = 0;
  let longest = 0;
  return {
    add(chunk: Buffer) {
      const first = firstNewline(chunk);
      longest = Math.max(longest, run + (first < 0 ? chunk.length : first));
      run = first < 0 ? run + chunk.length : chunk.length - 1 - Math.max(chunk.lastIndexOf(10), chunk.lastIndexOf(13));
    },
    tooLong: () => longest > LINE_MAX_BYTES,
  };
}

function firstNewline(chunk: Buffer): number {
  const feed = chunk.indexOf(10);
  const back = feed < 0 ? chunk.indexOf(13) : chunk.subarray(0, feed).indexOf(13);
  return back < 0 ? feed : back;
}

function longLine(file: ResolvedFile): Fault {
  const limitMb = LINE_MAX_BYTES / 1024 ** 2;
  return new Fault(
    'source-unreadable',
    say(
      '{shownAs} has a line longer than {limitMb} MB: its line ends are missing, or it is not a table; write it again with one record a line',
      { shownAs: file.shownAs, limitMb },
    ),
    { file: file.shownAs },
  );
}

function createUtf8Tally() {
  let carry: Buffer = Buffer.alloc(0);
  let broken = 0;
  let sound = 0;
  let controls = false;
  const count = (bytes: Buffer) => {
    for (const character of bytes.toString('utf8')) {
      if (character === '\ufffd') broken++;
      else if (character > '\x7f') sound++;
    }
    controls ||= bytes.some((byte) => byte >= 0x80 && byte <= 0x9f);
  };
  return {
    add(chunk: Buffer) {
      const bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
      const cut = completeLength(bytes);
      const whole = bytes.subarray(0, cut);
      carry = Buffer.from(bytes.subarray(cut));
      if (isAscii(whole)) return;
      if (!isUtf8(whole)) count(whole);
      else sound++;
    },
    verdict(hasBom: boolean): { encoding: string; evidence: TextScan['evidence'] } {
      if (carry.length > 0) count(carry);
      if (broken === 0) return { encoding: 'utf-8', evidence: hasBom ? 'bom' : 'valid' };
      if (hasBom || sound > broken) return { encoding: 'utf-8', evidence: 'mostly' };
      return { encoding: controls ? 'windows-1252' : 'latin-1', evidence: 'fallback' };
    },
  };
}

/** Length without a UTF-8 character cut off at the end. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

function createNewlineTally() {
  let pairs = 0;
  let feeds = 0;
  let returns = 0;
  let afterReturn = false;
  return {
    add(chunk: Buffer) {
      if (!afterReturn && !chunk.includes(13)) {
        if (feeds === 0 && chunk.includes(10)) feeds = 1;
        return;
      }
      for (let index = 0; index < chunk.length; index++) {
        const byte = chunk[index];
        if (byte === 10) afterReturn ? pairs++ : feeds++;
        else if (afterReturn) returns++;
        afterReturn = byte === 13;
      }
    },
    verdict(): Newline {
      const lone = returns + (afterReturn ? 1 : 0);
      if (lone === 0 && pairs === 0) return '\n';
      if (lone === 0 && feeds === 0) return '\r\n';
      return pairs === 0 && feeds === 0 ? '\r' : 'mixed';
    },
  };
}

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ResolvedFile } from '../source.ts';
import { csvRow } from './csv-row.ts';
import type { HashedFile } from './hashed-file.ts';
import { openHashedFile } from './hashed-file.ts';

/** A message as it came and where it was. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  /** Null where places are not numbered. */
  readonly offset: string | null;
  /** Epoch ms. */
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly bytes: Buffer | null;
  /** A JSON object. */
  readonly headers: string | null;
  /** Of a dead letter that is read again: its id, and how often that was tried before. */
  readonly again?: { readonly letter: string; readonly attempts: number };
}

export interface LetterPlace {
  /** Among all messages of the reading, from 1. */
  readonly place: number;
  /** Of the record; null for one that could not be decoded, with the reason. */
  readonly line: number | null;
  readonly reason: string | null;
}

/** Beside a file of records, what each was made of: a record that proves bad is kept as it came. */
export interface LetterFile {
  /** Null, or what to wait for before the next. */
  put(at: LetterPlace, origin: Origin): Promise<void> | null;
  /** Bytes of the longest row. */
  readonly longestRow: number;
  /** Null when nothing was put. */
  close(shownAs: string): Promise<ResolvedFile | null>;
  remove(): Promise<void>;
}

const BUFFER_BYTES = 512 * 1024;

export function createLetterFile(dir: string): LetterFile {
  let file: HashedFile | null = null;
  let pending: Buffer[] = [];
  let size = 0;
  let isEmpty = true;
  let longestRow = 0;
  const flush = () => {
    file ??= openHashedFile(join(dir, `letters-${randomUUID()}.csv`), BUFFER_BYTES);
    const bytes = Buffer.concat(pending);
    [pending, size] = [[], 0];
    return file.put(bytes);
  };
  return {
    get longestRow() {
      return longestRow;
    },
    put({ place, line, reason }, origin) {
      isEmpty = false;
      const row = csvRow([String(place), line === null ? null : String(line), reason, ...valuesOf(origin)]);
      longestRow = Math.max(longestRow, row.length);
      pending.push(row);
      size += row.length;
      return size >= BUFFER_BYTES ? flush() : null;
    },
    async close(shownAs) {
      if (isEmpty) return null;
      await flush();
      return (await file?.close(shownAs)) ?? null;
    },
    remove: async () => file?.remove(),
  };
}

/** In the order of `letterColumns`, behind place, line and reason. */
function valuesOf(origin: Origin): (string | null)[] {
  return [
    origin.topic,
    String(origin.partition),
    origin.offset,
    origin.timestamp,
    origin.headers,
    origin.key?.toString('base64') ?? null,
    origin.bytes?.toString('base64') ?? null,
    origin.again?.letter ?? null,
    origin.again === undefined ? null : String(origin.again.attempts),
  ];
}

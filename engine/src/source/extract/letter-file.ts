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

/** Beside a file of records, what each was made of: a record that proves bad is kept as it came. */
export interface LetterFile {
  /** `line` of the record; null for one that could not be decoded, with the reason. */
  put(line: number | null, reason: string | null, origin: Origin): Promise<void>;
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
  let place = 0;
  let longestRow = 0;
  const flush = async () => {
    file ??= openHashedFile(join(dir, `letters-${randomUUID()}.csv`), BUFFER_BYTES);
    const bytes = Buffer.concat(pending);
    [pending, size] = [[], 0];
    await file.put(bytes);
  };
  return {
    get longestRow() {
      return longestRow;
    },
    async put(line, reason, origin) {
      place += 1;
      const row = csvRow([String(place), line === null ? null : String(line), reason, ...valuesOf(origin)]);
      longestRow = Math.max(longestRow, row.length);
      pending.push(row);
      size += row.length;
      if (size >= BUFFER_BYTES) await flush();
    },
    async close(shownAs) {
      if (place === 0) return null;
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

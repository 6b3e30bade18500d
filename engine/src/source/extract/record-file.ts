import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ResolvedFile } from '../source.ts';
import { openHashedFile } from './hashed-file.ts';
import type { Origin } from './letter-file.ts';
import { createLetterFile } from './letter-file.ts';

/** Records of a source outside, one JSON object a line, on their way into a file of this reading. */
export interface RecordFile {
  /** Resolves when there is room for the next. With its `origin` it is kept as it came, should it prove bad. */
  write(record: object, origin?: Origin): Promise<void>;
  /** What no record can be made of. */
  setAside(origin: Origin, reason: string): Promise<void>;
  /** Records, and what was set aside. */
  readonly count: number;
  /** Names of all fields seen so far. */
  readonly fields: ReadonlySet<string>;
  /** Types of fields, where a schema says them: they win over what the records look like. */
  readonly types: Map<string, string>;
  /** Bytes of the longest row of the letters. */
  readonly longestRow: number;
  close(shownAs: string): Promise<ResolvedFile>;
  /** Null when nothing came with its origin. */
  closeLetters(shownAs: string): Promise<ResolvedFile | null>;
  remove(): Promise<void>;
}

const BUFFERED_CHARS = 256 * 1024;

export function createRecordFile(dir: string): RecordFile {
  const file = openHashedFile(join(dir, `extract-${randomUUID()}.ndjson`), BUFFERED_CHARS);
  const letters = createLetterFile(dir);
  const fields = new Set<string>();
  let pending = '';
  let lines = 0;
  let aside = 0;
  const flush = async () => {
    const bytes = Buffer.from(pending);
    pending = '';
    await file.put(bytes);
  };
  return {
    get count() {
      return lines + aside;
    },
    get longestRow() {
      return letters.longestRow;
    },
    fields,
    types: new Map(),
    async write(record, origin) {
      for (const field of Object.keys(record)) fields.add(field);
      pending += `${JSON.stringify(record)}\n`;
      lines += 1;
      if (origin) await letters.put(lines, null, origin);
      if (pending.length >= BUFFERED_CHARS) await flush();
    },
    async setAside(origin, reason) {
      aside += 1;
      await letters.put(null, reason.replaceAll(/\s+/g, ' ').slice(0, 1_000), origin);
    },
    async close(shownAs) {
      await flush();
      return file.close(shownAs);
    },
    closeLetters: (shownAs) => letters.close(shownAs),
    async remove() {
      await Promise.all([file.remove(), letters.remove()]);
    },
  };
}

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TypedColumn } from '../source.ts';
import { openHashedFile } from './hashed-file.ts';
import type { ExtractFile } from './extractor.ts';

/** Rows of another database on their way into a CSV file: NULL is `\N`, texts are quoted where they have to be. */
export interface TableFile extends ExtractFile {
  columns: readonly TypedColumn[];
  /** Rows are changes to the rows published before, found by these columns. */
  mergeKey: readonly string[] | null;
  /** Rows are all there are, although others were read before. */
  readonly isAnew: boolean;
  /** Bytes. */
  readonly longestRow: number;
  /** Forgets what was written: all rows come from the beginning. */
  restart(): Promise<void>;
  /** One or more whole rows with their line breaks. Null, or what to wait for before the next. */
  write(bytes: Buffer, rows: number): Promise<void> | null;
}

const BUFFER_BYTES = 1024 * 1024;

export function createTableFile(dir: string): TableFile {
  const path = join(dir, `extract-${randomUUID()}.csv`);
  const open = () => openHashedFile(path, 4 * BUFFER_BYTES);
  let file = open();
  let pending = Buffer.allocUnsafe(BUFFER_BYTES);
  let length = 0;
  const flush = () => {
    const full = pending.subarray(0, length);
    pending = Buffer.allocUnsafe(BUFFER_BYTES);
    length = 0;
    return full.length === 0 ? null : file.put(full);
  };
  return {
    columns: [],
    mergeKey: null,
    isAnew: false,
    get bytes() {
      return file.sizeBytes + length;
    },
    count: 0,
    longestRow: 0,
    async restart() {
      file.abandon();
      file = open();
      length = 0;
      Object.assign(this, { count: 0, longestRow: 0, mergeKey: null, isAnew: true });
      await file.opened();
    },
    write(bytes, rows) {
      const self = this as { count: number; longestRow: number };
      self.count += rows;
      if (bytes.length > self.longestRow) self.longestRow = bytes.length;
      const full = length + bytes.length > BUFFER_BYTES ? flush() : null;
      if (bytes.length > BUFFER_BYTES) return file.put(Buffer.from(bytes)) ?? full;
      length += bytes.copy(pending, length);
      return full;
    },
    async close(shownAs) {
      await flush();
      return file.close(shownAs);
    },
    remove: () => file.remove(),
  };
}

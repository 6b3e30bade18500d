import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TypedColumn } from '../source.ts';
import type { ExtractFile } from './identify.ts';

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
  let { stream, failed } = openStream(path);
  let hash = createHash('sha256');
  let pending = Buffer.allocUnsafe(BUFFER_BYTES);
  let length = 0;
  let sizeBytes = 0;
  const put = (bytes: Buffer) => {
    hash.update(bytes);
    sizeBytes += bytes.length;
    return stream.write(bytes) ? null : Promise.race([once(stream, 'drain').then(() => undefined), failed]);
  };
  const flush = () => {
    const full = pending.subarray(0, length);
    pending = Buffer.allocUnsafe(BUFFER_BYTES);
    length = 0;
    return full.length === 0 ? null : put(full);
  };
  return {
    columns: [],
    mergeKey: null,
    isAnew: false,
    count: 0,
    longestRow: 0,
    async restart() {
      stream.destroy();
      ({ stream, failed } = openStream(path));
      hash = createHash('sha256');
      length = 0;
      sizeBytes = 0;
      Object.assign(this, { count: 0, longestRow: 0, mergeKey: null, isAnew: true });
      await Promise.race([once(stream, 'open'), failed]);
    },
    write(bytes, rows) {
      const self = this as { count: number; longestRow: number };
      self.count += rows;
      if (bytes.length > self.longestRow) self.longestRow = bytes.length;
      const full = length + bytes.length > BUFFER_BYTES ? flush() : null;
      if (bytes.length > BUFFER_BYTES) return put(Buffer.from(bytes)) ?? full;
      length += bytes.copy(pending, length);
      return full;
    },
    async close(shownAs) {
      await flush();
      stream.end();
      await Promise.race([once(stream, 'close'), failed]);
      return { path, shownAs, sizeBytes, sha256: hash.digest('hex') };
    },
    async remove() {
      stream.destroy();
      await rm(path, { force: true });
    },
  };
}

function openStream(path: string) {
  const stream = createWriteStream(path, { highWaterMark: 4 * BUFFER_BYTES });
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => undefined); // every wait races with it; without one there is nobody to tell
  return { stream, failed };
}

import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import type { ResolvedFile } from '../source.ts';

/** Records of a source outside, one JSON object a line, on their way into a file of this reading. */
export interface RecordFile {
  /** Resolves when there is room for the next. */
  write(record: object): Promise<void>;
  /** A line that is no record, for the rejects: it is counted as one. */
  writeBroken(text: string): Promise<void>;
  readonly count: number;
  /** Names of all fields seen so far. */
  readonly fields: ReadonlySet<string>;
  close(shownAs: string): Promise<ResolvedFile>;
  remove(): Promise<void>;
}

const BUFFERED_CHARS = 256 * 1024;

export function createRecordFile(dir: string): RecordFile {
  const path = join(dir, `extract-${randomUUID()}.ndjson`);
  const stream = createWriteStream(path);
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => undefined); // every write races with it; without a write there is nobody to tell
  const hash = createHash('sha256');
  const fields = new Set<string>();
  let pending = '';
  let count = 0;
  let sizeBytes = 0;
  const flush = async () => {
    const bytes = Buffer.from(pending);
    pending = '';
    hash.update(bytes);
    sizeBytes += bytes.length;
    if (!stream.write(bytes)) await Promise.race([once(stream, 'drain'), failed]);
  };
  return {
    get count() {
      return count;
    },
    fields,
    async write(record) {
      for (const field of Object.keys(record)) fields.add(field);
      pending += `${JSON.stringify(record)}\n`;
      count += 1;
      if (pending.length >= BUFFERED_CHARS) await flush();
    },
    async writeBroken(text) {
      pending += `${text.replaceAll(/[\r\n]+/g, ' ') || '?'}\n`;
      count += 1;
      if (pending.length >= BUFFERED_CHARS) await flush();
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

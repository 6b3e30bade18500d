import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ResolvedFile } from '../source.ts';
import { openHashedFile } from './hashed-file.ts';

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
  const file = openHashedFile(join(dir, `extract-${randomUUID()}.ndjson`), BUFFERED_CHARS);
  const fields = new Set<string>();
  let pending = '';
  let count = 0;
  const flush = async () => {
    const bytes = Buffer.from(pending);
    pending = '';
    await file.put(bytes);
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
      return file.close(shownAs);
    },
    remove: () => file.remove(),
  };
}

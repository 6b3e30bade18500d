import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { ResolvedFile } from '../source.ts';

/** A file of one reading, written once from its beginning and told with its size and hash. */
export interface HashedFile {
  readonly sizeBytes: number;
  /** Null, or what to wait for before the next. */
  put(bytes: Buffer): Promise<void> | null;
  opened(): Promise<void>;
  close(shownAs: string): Promise<ResolvedFile>;
  /** No more is written; another may be opened in its place. */
  abandon(): void;
  remove(): Promise<void>;
}

export function openHashedFile(path: string, highWaterMark: number): HashedFile {
  const stream = createWriteStream(path, { highWaterMark });
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => undefined); // every wait races with it; without one there is nobody to tell
  const until = (event: string): Promise<void> => Promise.race([once(stream, event).then(() => undefined), failed]);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  return {
    get sizeBytes() {
      return sizeBytes;
    },
    put(bytes) {
      hash.update(bytes);
      sizeBytes += bytes.length;
      return stream.write(bytes) ? null : until('drain');
    },
    opened: () => until('open'),
    async close(shownAs) {
      stream.end();
      await until('close');
      return { path, shownAs, sizeBytes, sha256: hash.digest('hex') };
    },
    abandon: () => void stream.destroy(),
    async remove() {
      stream.destroy();
      await rm(path, { force: true });
    },
  };
}

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { readChunks } from './read-chunks.ts';

const REMEMBERED_MAX = 10_000;

/** Hashes files by streaming, once per content: a file that kept path, size, time and inode is not read again. */
export function createFileHasher() {
  const remembered = new Map<string, string>();
  return async function hashFile(path: string, signal?: AbortSignal, read?: (bytes: number) => void): Promise<string> {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    const key = `${path}\0${size}\0${mtimeNs}\0${ino}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of readChunks(path, signal)) {
      hash.update(chunk);
      read?.((bytes += chunk.length));
    }
    const digest = hash.digest('hex');
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(key, digest);
    return digest;
  };
}

export type FileHasher = ReturnType<typeof createFileHasher>;

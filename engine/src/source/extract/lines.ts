import type { ResolvedFile } from '../source.ts';
import type { HashedFile } from './hashed-file.ts';

const CHUNK_BYTES = 256 * 1024;
/** Of UTF-8, of one unit of a string. */
const MOST_BYTES = 3;

export interface Lines {
  /** A line of these bytes and this text. Null, or what to wait for before the next. */
  put(bytes: Uint8Array | null, text: string): Promise<void> | null;
  /** Of all lines so far. */
  readonly sizeBytes: number;
  close(shownAs: string): Promise<ResolvedFile>;
  remove(): Promise<void>;
}

/** Lines on their way into a file, gathered in chunks. */
export function createLines(file: HashedFile): Lines {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  const flush = (neededBytes: number) => {
    const full = chunk.subarray(0, filled);
    chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, neededBytes));
    filled = 0;
    return file.put(full);
  };
  return {
    get sizeBytes() {
      return file.sizeBytes + filled;
    },
    put(bytes, text) {
      const most = (bytes?.length ?? 0) + MOST_BYTES * text.length + 1;
      const room = filled + most > chunk.length ? flush(most) : null;
      if (bytes) {
        chunk.set(bytes, filled);
        filled += bytes.length;
      }
      filled += chunk.write(text, filled);
      chunk[filled] = NEWLINE;
      filled += 1;
      return room;
    },
    async close(shownAs) {
      await flush(0);
      return file.close(shownAs);
    },
    remove: () => file.remove(),
  };
}

const NEWLINE = 10;

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ResolvedFile } from '../source.ts';

/** A file of one reading, written once from its beginning and told with its size and hash. */
export interface HashedFile {
  readonly sizeBytes: number;
  /** Null, or what to wait for before the next. `onWritten` hears when `bytes` are free again. */
  put(bytes: Buffer, onWritten?: () => void): Promise<void> | null;
  /** What decides the bytes that come from now on: it is hashed in their place. */
  knownBy(what: string): void;
  opened(): Promise<void>;
  close(shownAs: string): Promise<ResolvedFile>;
  /** No more is written; another may be opened in its place. */
  abandon(): void;
  remove(): Promise<void>;
}

export interface WrittenPart {
  readonly path: string;
  readonly sizeBytes: number;
}

/** One that may be cut: its parts lie in files of their own, one behind the other. Its hash is of them all. */
export interface PartedFile extends HashedFile {
  /** What is put from now on is of the next part. Resolves when the one before is written. */
  cut(): Promise<WrittenPart>;
  /** Of a closed file: all of it comes to lie where the first part was. Safe to call twice. */
  join(): Promise<void>;
}

export function openHashedFile(path: string, highWaterMark: number): PartedFile {
  const hash = createHash('sha256');
  const parts: [Part, ...Part[]] = [openPart(path, highWaterMark)];
  let last = parts[0];
  let isKnown = false;
  const sizeBytes = () => parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  return {
    get sizeBytes() {
      return sizeBytes();
    },
    put(bytes, onWritten) {
      if (!isKnown) hash.update(bytes);
      return last.put(bytes, onWritten);
    },
    knownBy(what) {
      isKnown = true;
      hash.update(`${what}\0`);
    },
    opened: () => last.opened(),
    cut() {
      const whole = last;
      last = openPart(`${path}.${parts.length}`, highWaterMark);
      parts.push(last);
      return whole.end().then(() => ({ path: whole.path, sizeBytes: whole.sizeBytes }));
    },
    async close(shownAs) {
      await Promise.all(parts.map((part) => part.end()));
      return { path, shownAs, sizeBytes: sizeBytes(), sha256: hash.digest('hex') };
    },
    async join() {
      for (const part of parts.splice(1)) {
        await pipeline(createReadStream(part.path), createWriteStream(path, { flags: 'a' }));
        await part.remove();
      }
    },
    abandon: () => last.abandon(),
    async remove() {
      await Promise.all(parts.map((part) => part.remove()));
    },
  };
}

type Part = ReturnType<typeof openPart>;

function openPart(path: string, highWaterMark: number) {
  const stream = createWriteStream(path, { highWaterMark });
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => undefined); // every wait races with it; without one there is nobody to tell
  const until = (event: string): Promise<void> => Promise.race([once(stream, event).then(() => undefined), failed]);
  const closed = until('close');
  closed.catch(() => undefined); // as above
  let sizeBytes = 0;
  return {
    path,
    get sizeBytes() {
      return sizeBytes;
    },
    put(bytes: Buffer, onWritten?: () => void): Promise<void> | null {
      sizeBytes += bytes.length;
      // Of one that is ended Node does not say that it drained.
      return stream.write(bytes, onWritten) ? null : Promise.race([until('drain'), closed]);
    },
    opened: () => until('open'),
    end(): Promise<void> {
      stream.end();
      return closed;
    },
    abandon: () => void stream.destroy(),
    async remove() {
      stream.destroy();
      await closed.catch(() => undefined); // one that is still opened would come to be behind its removal
      await rm(path, { force: true });
    },
  };
}

import type { ResolvedFile } from '../source.ts';
import type { PartedFile, WrittenPart } from './hashed-file.ts';

const CHUNK_BYTES = 1024 ** 2;
/** Chunks that were written are filled again. */
const SPARE_MAX = 4;
/** Of UTF-8, of one unit of a string. */
const MOST_BYTES = 3;

/** A part of a line that writes itself. */
export interface LinePart {
  /** Not fewer than it takes. */
  readonly mostBytes: number;
  /** Writes it into `chunk` at `at`; answers behind where it ends. What begins a line answers -1 where it cannot. */
  write(chunk: Buffer, at: number): number;
}

export interface Lines {
  /** A line of this text. Null, or what to wait for before the next. */
  put(text: string): Promise<void> | null;
  /** A line of `bytes`, at `from` up to before `to`, and its end. */
  putBytes(bytes: Buffer, from: number, to: number, end: LinePart): Promise<void> | null;
  /** A line of what `begin` writes, and its end. False where it writes nothing, and no line is put. */
  putMade(begin: LinePart, end: LinePart): Promise<void> | null | false;
  /** As `HashedFile.knownBy`. */
  knownBy(what: string): void;
  /** Of all lines so far. */
  readonly sizeBytes: number;
  /** Of the longest line. */
  readonly longestBytes: number;
  /** Lines from now on are of the next part of the file. */
  cut(): Promise<WrittenPart>;
  close(shownAs: string): Promise<ResolvedFile>;
  /** As `PartedFile.join`. */
  join(): Promise<void>;
  remove(): Promise<void>;
}

type LinesNeed = 'sizeBytes' | 'put' | 'knownBy' | 'cut' | 'close' | 'join' | 'remove';

/** Lines on their way into a file, gathered in chunks. */
export function createLines(file: Pick<PartedFile, LinesNeed>): Lines {
  const spare: Buffer[] = [];
  const chunkOf = (bytes: number) =>
    (bytes <= CHUNK_BYTES ? spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes));
  let chunk = chunkOf(0);
  let [filled, longestBytes] = [0, 0];
  let isKnown = false;
  /** What whoever puts the next line waits for. */
  let owed: Promise<void> | null = null;
  const flush = (neededBytes: number) => {
    const written = chunk;
    const room = file.put(written.subarray(0, filled), () => {
      if (written.length === CHUNK_BYTES && spare.length < SPARE_MAX) spare.push(written);
    });
    chunk = chunkOf(neededBytes);
    filled = 0;
    return room;
  };
  const makeRoom = (bytes: number) => {
    if (filled + bytes > chunk.length) owe(flush(bytes));
  };
  const owe = (room: Promise<void> | null) => {
    room?.catch(() => undefined); // told to whoever puts the next line, or closes
    owed = room ?? owed;
  };
  /** Ends the line there; answers what is owed. */
  const endLine = (behind: number) => {
    longestBytes = Math.max(longestBytes, behind - filled);
    chunk[behind] = NEWLINE;
    filled = behind + 1;
    const room = owed;
    owed = null;
    return room;
  };
  return {
    get sizeBytes() {
      return file.sizeBytes + filled;
    },
    get longestBytes() {
      return longestBytes;
    },
    put(text) {
      makeRoom(MOST_BYTES * text.length + 1);
      return endLine(filled + chunk.write(text, filled));
    },
    putBytes(bytes, from, to, end) {
      makeRoom(to - from + end.mostBytes + 1);
      return endLine(end.write(chunk, filled + bytes.copy(chunk, filled, from, to)));
    },
    putMade(begin, end) {
      makeRoom(begin.mostBytes + end.mostBytes + 1);
      const behind = begin.write(chunk, filled);
      return behind < 0 ? false : endLine(end.write(chunk, behind));
    },
    knownBy(what) {
      if (filled > 0 && !isKnown) owe(flush(0)); // lines from before are known by themselves
      isKnown = true;
      file.knownBy(what);
    },
    cut() {
      owe(flush(0));
      return file.cut();
    },
    async close(shownAs) {
      await flush(0);
      return file.close(shownAs);
    },
    join: () => file.join(),
    remove: () => file.remove(),
  };
}

const NEWLINE = 10;

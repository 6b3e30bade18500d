import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { holdsHalf } from '../json/half.ts';
import type { ResolvedFile } from '../source.ts';
import { openHashedFile } from './hashed-file.ts';
import { createLines } from './lines.ts';
import type { Origin } from './letter-file.ts';
import { createLetterFile } from './letter-file.ts';

/** Records of a source outside, one JSON object a line, on their way into a file of this reading. */
export interface RecordFile {
  /** Null, or what to wait for before the next. With its `origin` it is kept as it came, should it prove bad. */
  write(record: object, origin?: Origin): Promise<void> | null;
  /** The same of a text that is an object on one line, with names of fields in it. `letter` may be in that line. */
  put(line: string, fields: readonly string[], letter?: Origin | InLine): Promise<void> | null;
  /** The same of bytes of an object with fields and nothing that DuckDB reads otherwise; `end` is put for its last brace. */
  putBytes(bytes: Buffer, end: string, fields: readonly string[], letter?: InLine): Promise<void> | null;
  /** What no record can be made of. */
  setAside(origin: Origin, reason: string): Promise<void>;
  /** Records, and what was set aside. */
  readonly count: number;
  readonly bytes: number;
  /** Records, where each line is an object that DuckDB reads; else null. */
  readonly lines: number | null;
  /** Of messages whose letters are in their lines; null when there are none. */
  readonly inLine: InLine | null;
  /** Names of all fields seen so far. */
  readonly fields: Set<string>;
  /** Types of fields, where a schema says them: they win over what the records look like. */
  readonly types: Map<string, string>;
  /** Bytes of the longest row of the letters. */
  readonly longestRow: number;
  close(shownAs: string): Promise<ResolvedFile>;
  /** Null when nothing came with its origin. */
  closeLetters(shownAs: string): Promise<ResolvedFile | null>;
  remove(): Promise<void>;
}

/** A message whose line says all of it (`letter-line`), but of which topic it is. */
export interface InLine {
  readonly topic: string;
}

const CHUNK_BYTES = 256 * 1024;

export function createRecordFile(dir: string): RecordFile {
  const file = createLines(openHashedFile(join(dir, `extract-${randomUUID()}.ndjson`), CHUNK_BYTES));
  const letters = createLetterFile(dir);
  const fields = new Set<string>();
  let [lines, aside] = [0, 0];
  let names: readonly string[] = [];
  let inLine: InLine | null = null;
  let isSound = true;
  const count = (own: readonly string[]) => {
    lines += 1;
    if (own === names || isSame(own, names)) return;
    for (const name of own) fields.add(name);
    names = own;
  };
  const put: RecordFile['put'] = (line, own, letter) => {
    count(own);
    isSound &&= line.startsWith('{') && !holdsHalf(line);
    const room = file.put(null, line);
    if (letter === undefined) return room;
    if ('bytes' in letter) return both(letters.put({ place: lines + aside, line: lines, reason: null }, letter), room);
    inLine = letter;
    return room;
  };
  const putBytes: RecordFile['putBytes'] = (bytes, end, own, letter) => {
    count(own);
    inLine = letter ?? inLine;
    return file.put(bytes.subarray(0, -1), end);
  };
  return {
    get count() {
      return lines + aside;
    },
    get bytes() {
      return file.sizeBytes;
    },
    get lines() {
      return isSound ? lines : null;
    },
    get inLine() {
      return inLine;
    },
    get longestRow() {
      return letters.longestRow;
    },
    fields,
    types: new Map(),
    put,
    putBytes,
    write: (record, origin) => put(JSON.stringify(record), Object.keys(record), origin),
    async setAside(origin, reason) {
      aside += 1;
      const said = reason.replaceAll(/\s+/g, ' ').slice(0, 1_000);
      await letters.put({ place: lines + aside, line: null, reason: said }, origin);
    },
    close: (shownAs) => file.close(shownAs),
    closeLetters: (shownAs) => letters.close(shownAs),
    async remove() {
      await Promise.all([file.remove(), letters.remove()]);
    },
  };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at]);
}

function both(one: Promise<void> | null, other: Promise<void> | null): Promise<void> | null {
  return one === null || other === null ? (one ?? other) : Promise.all([one, other]).then(() => undefined);
}

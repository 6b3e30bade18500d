import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { holdsHalf } from '../json/half.ts';
import { mayHoldLong } from '../json/long-number.ts';
import type { LaneCount, LanePlace, ResolvedFile } from '../source.ts';
import type { WrittenPart } from './hashed-file.ts';
import { openHashedFile } from './hashed-file.ts';
import type { LinePart } from './lines.ts';
import { createLines } from './lines.ts';
import type { Origin } from './letter-file.ts';
import { createLetterFile } from './letter-file.ts';

/** Records of a source outside, one JSON object a line, on their way into a file of this reading. */
export interface RecordFile {
  /** Null, or what to wait for before the next. With its `origin` it is kept as it came, should it prove bad. */
  write(record: object, origin?: Origin): Promise<void> | null;
  /** The same of a text that is an object on one line, with names of fields in it. `letter` may be in that line. */
  put(line: string, fields: readonly string[], letter?: Origin | InLine): Promise<void> | null;
  /**
   * The same of an object in `bytes`, at `from` up to before `to`, with fields and nothing that DuckDB reads otherwise; `end`
   * is written for its last brace. Whether it holds a long number, `noteLong` is told.
   */
  putBytes(
    bytes: Buffer,
    from: number,
    to: number,
    end: LinePart,
    fields: readonly string[],
    letter?: InLine,
  ): Promise<void> | null;
  /** The same of an object that `begin` writes up to before its last brace. False where it cannot: then nothing was put. */
  putMade(begin: LinePart, end: LinePart, fields: readonly string[]): Promise<void> | null | false;
  noteLong(): void;
  /** So many of what is written now, or set aside, is of this partition. */
  took(place: LanePlace, records: number): void;
  /** What decides the records that come from now on, whatever their lines say: it identifies them in place of their bytes. */
  knownBy(what: string): void;
  /** What no record can be made of. */
  setAside(origin: Origin, reason: string): Promise<void>;
  /** Records, and what was set aside. */
  readonly count: number;
  /** The same by partition, where that is known. */
  readonly lanes: readonly LaneCount[];
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
  /** Bytes of the longest line of the records. */
  readonly longestLine: number;
  /** False: no number of the records is long (`long-number`). */
  readonly hasLong: boolean;
  /** From now on a part ends after so many records, where `mayCut` is called; each is told when it is cut off, the last at the close. */
  inParts(records: number, hear: HearPart): void;
  /** Between records: all that is known of those before was said. */
  mayCut(): void;
  /** Of a closed file in parts: makes it one. */
  join(): Promise<void>;
  close(shownAs: string): Promise<ResolvedFile>;
  /** Null when nothing came with its origin. */
  closeLetters(shownAs: string): Promise<ResolvedFile | null>;
  remove(): Promise<void>;
}

/** Records of a part, which is in its file when `written` resolves. */
export type HearPart = (written: Promise<WrittenPart>, records: number) => void;

/** A message whose line says all of it (`letter-line`), but of which topic it is. */
export interface InLine {
  readonly topic: string;
}

/** Waiting to be written. */
const WAITING_BYTES = 4 * 1024 ** 2;

/** Of so many lines, looking into each takes longer than DuckDB takes to look once. */
const LOOKED_AT_MAX = 10_000;

export function createRecordFile(dir: string): RecordFile {
  const file = createLines(openHashedFile(join(dir, `extract-${randomUUID()}.ndjson`), WAITING_BYTES));
  const letters = createLetterFile(dir);
  const fields = new Set<string>();
  let [lines, aside] = [0, 0];
  let names: readonly string[] = [];
  let inLine: InLine | null = null;
  let [isSound, hasLong] = [true, false];
  const lanes = new Map<string, LaneCount>();
  let parts: { readonly records: number; readonly hear: HearPart } | null = null;
  let linesBefore = 0;
  const cut = (hear: HearPart) => {
    const written = file.cut();
    written.catch(() => undefined); // told to whoever closes
    hear(written, lines - linesBefore);
    linesBefore = lines;
  };
  const count = (own: readonly string[]) => {
    lines += 1;
    if (own === names || isSame(own, names)) return;
    for (const name of own) fields.add(name);
    names = own;
  };
  const put: RecordFile['put'] = (line, own, letter) => {
    count(own);
    isSound &&= line.startsWith('{') && !holdsHalf(line);
    hasLong ||= lines > LOOKED_AT_MAX || mayHoldLong(line);
    const room = file.put(line);
    if (letter === undefined) return room;
    if ('bytes' in letter) return both(letters.put({ place: lines + aside, line: lines, reason: null }, letter), room);
    inLine = letter;
    return room;
  };
  const putBytes: RecordFile['putBytes'] = (bytes, from, to, end, own, letter) => {
    count(own);
    inLine = letter ?? inLine;
    return file.putBytes(bytes, from, to - 1, end);
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
    get longestLine() {
      return file.longestBytes;
    },
    get hasLong() {
      return hasLong;
    },
    fields,
    types: new Map(),
    put,
    putBytes,
    putMade(begin, end, own) {
      const room = file.putMade(begin, end);
      if (room !== false) count(own);
      return room;
    },
    noteLong: () => void (hasLong = true),
    took(place, records) {
      if (records > 0) lanes.set(place.lane, { ...place, records: records + (lanes.get(place.lane)?.records ?? 0) });
    },
    get lanes() {
      return [...lanes.values()];
    },
    knownBy: (what) => file.knownBy(what),
    write: (record, origin) => put(JSON.stringify(record), Object.keys(record), origin),
    async setAside(origin, reason) {
      aside += 1;
      const said = reason.replaceAll(/\s+/g, ' ').slice(0, 1_000);
      await letters.put({ place: lines + aside, line: null, reason: said }, origin);
    },
    inParts: (records, hear) => void (parts = { records, hear }),
    mayCut() {
      if (parts !== null && lines - linesBefore >= parts.records) cut(parts.hear);
    },
    join: () => file.join(),
    close(shownAs) {
      if (parts !== null && linesBefore > 0 && lines > linesBefore) cut(parts.hear);
      return file.close(shownAs);
    },
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

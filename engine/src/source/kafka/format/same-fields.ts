/**
 * Messages of JSON that have the fields of those before them are told by their bytes: nothing is made of their values, and
 * they go on as bytes. Whatever is not sure (other fields, objects inside, escapes by number, broken bytes) is not told.
 */
import { isUtf8 } from 'node:buffer';
import { LONG_DIGITS } from '../../json/long-number.ts';

export interface SameFields {
  /** The fields of the message at `from` up to before `to`, where they are those that were learned last. */
  of(bytes: Buffer, from: number, to: number): readonly string[] | null;
  learn(names: readonly string[]): void;
  /** Whether it has seen a number of `LONG_DIGITS`. */
  readonly hasLong: boolean;
}

export function createSameFields(): SameFields {
  let names: readonly string[] = [];
  let expected: readonly Uint8Array[] = [];
  let scan = new Scan(Buffer.alloc(0));
  let hasLong = false;
  return {
    get hasLong() {
      return hasLong;
    },
    of(bytes, from, to) {
      if (expected.length === 0) return null;
      if (scan.bytes !== bytes) scan = new Scan(bytes);
      const isSame = isObjectOf(scan, from, to, expected);
      hasLong ||= scan.isLong;
      return isSame ? names : null;
    },
    learn(fields) {
      if (fields === names) return;
      names = fields;
      const isPlain = fields.every((name) => JSON.stringify(name) === `"${name}"`);
      expected = isPlain ? fields.map((name) => Buffer.from(`"${name}":`)) : [];
    },
  };
}

const [OPEN, CLOSE, QUOTE, COMMA, BLANK, BACKSLASH, MINUS, POINT, ZERO, NINE] = [
  123, 125, 34, 44, 32, 92, 45, 46, 48, 57,
];
const ESCAPED = new Set([...'"\\/bfnrt'].map((each) => each.charCodeAt(0)));
const words = ['true', 'false', 'null'].map((word) => Buffer.from(word));
const NOWHERE = -1;

/** Bytes from here on are of a character of several. */
const WIDE = 128;
const [ONES, ALL_QUOTES, ALL_BACKSLASHES, ALL_BLANKS, HIGHEST] = [
  0x01010101,
  0x22222222,
  0x5c5c5c5c,
  0x20202020,
  0x80808080 | 0,
];

/** Through the objects in these bytes, one after another. */
class Scan {
  readonly bytes: Buffer;
  readonly #view: DataView;
  /** Whether it has seen a character of several bytes, which have yet to be looked at. */
  isWide = false;
  /** Whether it has seen a number of many digits. */
  isLong = false;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  behindBlank(at: number): number {
    return this.bytes[at] === BLANK ? at + 1 : at;
  }

  behindWord(from: number, word: Uint8Array): number {
    const bytes = this.bytes;
    const length = word.length;
    for (let at = 0; at < length; at += 1) if (bytes[from + at] !== word[at]) return NOWHERE;
    return from + length;
  }

  behindValue(at: number): number {
    const first = this.bytes[at] ?? 0;
    if (first === QUOTE) return this.#behindText(at + 1);
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.#behindNumber(at);
    for (const word of words) {
      const behind = this.behindWord(at, word);
      if (behind !== NOWHERE) return behind;
    }
    return NOWHERE;
  }

  #behindText(from: number): number {
    const bytes = this.bytes;
    const length = bytes.length;
    for (let at = from; at < length;) {
      at = this.#behindPlain(at);
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) return at + 1;
      if (byte >= WIDE) {
        this.isWide = true;
        at += 1;
      } else if (byte === BACKSLASH && ESCAPED.has(bytes[at + 1] ?? 0)) at += 2;
      else if (byte < BLANK || byte === BACKSLASH) return NOWHERE;
      else at += 1;
    }
    return NOWHERE;
  }

  /** Behind bytes of which nothing has to be said, four at a time: of less than four, and from one that is special, none. */
  #behindPlain(from: number): number {
    const view = this.#view;
    const last = view.byteLength - 4;
    let at = from;
    while (at <= last) {
      const four = view.getInt32(at, true);
      const [quotes, backslashes] = [four ^ ALL_QUOTES, four ^ ALL_BACKSLASHES];
      // A byte borrows from its highest bit where it is less than what is taken from it: one that is zero, or below a blank.
      const special =
        ((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes) | ((four - ALL_BLANKS) & ~four) | four;
      if ((special & HIGHEST) !== 0) return at;
      at += 4;
    }
    return at;
  }

  /** Whole numbers and those with a point; an exponent is left to the other way. */
  #behindNumber(from: number): number {
    const bytes = this.bytes;
    const begin = bytes[from] === MINUS ? from + 1 : from;
    const whole = this.#behindDigits(begin);
    if (whole === begin || (bytes[begin] === ZERO && whole > begin + 1)) return NOWHERE;
    if (bytes[whole] !== POINT) return whole;
    const end = this.#behindDigits(whole + 1);
    return end === whole + 1 ? NOWHERE : end;
  }

  #behindDigits(from: number): number {
    const bytes = this.bytes;
    let at = from;
    for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[at] ?? 0) at += 1;
    if (at - from >= LONG_DIGITS) this.isLong = true;
    return at;
  }
}

function isObjectOf(scan: Scan, from: number, to: number, expected: readonly Uint8Array[]): boolean {
  const { bytes } = scan;
  if (to - from < 2 || bytes[from] !== OPEN || bytes[to - 1] !== CLOSE) return false;
  scan.isWide = false;
  let at = from + 1;
  for (let field = 0; field < expected.length; field += 1) {
    if (field > 0) {
      if (bytes[at] !== COMMA) return false;
      at = scan.behindBlank(at + 1);
    }
    at = scan.behindWord(at, expected[field] ?? bytes);
    if (at === NOWHERE) return false;
    at = scan.behindValue(scan.behindBlank(at));
    if (at === NOWHERE || at >= to) return false;
  }
  return at === to - 1 && (!scan.isWide || isUtf8(bytes.subarray(from, to)));
}

/**
 * Messages of JSON that have the fields of those before them are told by their bytes: nothing is made of their values, and
 * they go on as bytes. Whatever is not sure (other fields, objects inside, escapes by number, broken bytes) is not told.
 */
import { isUtf8 } from 'node:buffer';

export interface SameFields {
  /** The fields of the message, where they are those that were learned last. */
  of(bytes: Buffer): readonly string[] | null;
  learn(names: readonly string[]): void;
}

export function createSameFields(): SameFields {
  let names: readonly string[] = [];
  let expected: readonly Uint8Array[] = [];
  return {
    of: (bytes) => (expected.length > 0 && isObjectOf(bytes, expected) ? names : null),
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

function isObjectOf(bytes: Buffer, expected: readonly Uint8Array[]): boolean {
  if (bytes[0] !== OPEN || bytes[bytes.length - 1] !== CLOSE) return false;
  let at = 1;
  for (let field = 0; field < expected.length; field += 1) {
    if (field > 0) {
      if (bytes[at] !== COMMA) return false;
      at = behindBlank(bytes, at + 1);
    }
    at = behindWord(bytes, at, expected[field] ?? bytes);
    if (at === NOWHERE) return false;
    at = behindValue(bytes, behindBlank(bytes, at));
    if (at === NOWHERE) return false;
  }
  return at === bytes.length - 1 && isUtf8(bytes);
}

function behindBlank(bytes: Buffer, at: number): number {
  return bytes[at] === BLANK ? at + 1 : at;
}

function behindWord(bytes: Buffer, from: number, word: Uint8Array): number {
  for (let at = 0; at < word.length; at += 1) if (bytes[from + at] !== word[at]) return NOWHERE;
  return from + word.length;
}

function behindValue(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first === QUOTE) return behindText(bytes, at + 1);
  if (first === MINUS || (first >= ZERO && first <= NINE)) return behindNumber(bytes, at);
  for (const word of words) {
    const behind = behindWord(bytes, at, word);
    if (behind !== NOWHERE) return behind;
  }
  return NOWHERE;
}

function behindText(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < BLANK) return NOWHERE;
    if (byte === BACKSLASH && !ESCAPED.has(bytes[++at] ?? 0)) return NOWHERE;
  }
  return NOWHERE;
}

/** Whole numbers and those with a point; an exponent is left to the other way. */
function behindNumber(bytes: Buffer, from: number): number {
  const begin = bytes[from] === MINUS ? from + 1 : from;
  const whole = behindDigits(bytes, begin);
  if (whole === begin || (bytes[begin] === ZERO && whole > begin + 1)) return NOWHERE;
  if (bytes[whole] !== POINT) return whole;
  const end = behindDigits(bytes, whole + 1);
  return end === whole + 1 ? NOWHERE : end;
}

function behindDigits(bytes: Buffer, from: number): number {
  let at = from;
  for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[at] ?? 0) at += 1;
  return at;
}

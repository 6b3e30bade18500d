import { isUtf8 } from 'node:buffer';
import { writeDigits } from '../digits.ts';

const [QUOTE, BACKSLASH, BLANK, WIDE] = [34, 92, 32, 128];
/** Seven bits in each byte: what a number holds, with the bit of the sign. */
const EXACT_BYTES = 7;
const LONG_BYTES = 10;
const NOTHING: Buffer = Buffer.alloc(0);
const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength);

/** Reads the values of one message of Avro after another, and writes JSON behind `put` of a chunk. */
export class AvroPen {
  bytes: Buffer = NOTHING;
  chunk: Buffer = NOTHING;
  put = 0;
  #at = 0;
  #to = 0;
  #view = viewOf(NOTHING);

  begin(bytes: Buffer, from: number, to: number, chunk: Buffer, put: number): void {
    if (this.bytes !== bytes) this.#view = viewOf(bytes);
    [this.bytes, this.#at, this.#to, this.chunk, this.put] = [bytes, from, to, chunk, put];
  }

  get isAtEnd(): boolean {
    return this.#at === this.#to;
  }

  /** A whole number; NaN where a double does not hold it, and nothing was read. */
  number(): number {
    let [value, times] = [0, 1];
    for (let at = this.#at; at < this.#to && at < this.#at + EXACT_BYTES; at += 1) {
      const byte = this.bytes[at] ?? 0;
      value += (byte & 127) * times;
      times *= 128;
      if (byte >= WIDE) continue;
      this.#at = at + 1;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    return Number.NaN;
  }

  /** Null where it is none. */
  long(): bigint | null {
    let value = 0n;
    for (let read = 0; read < LONG_BYTES && this.#at + read < this.#to; read += 1) {
      const byte = this.bytes[this.#at + read] ?? 0;
      value |= BigInt(byte & 127) << BigInt(7 * read);
      if (byte >= WIDE) continue;
      this.#at += read + 1;
      return value >= 2n ** 64n ? null : value % 2n === 0n ? value / 2n : -(value + 1n) / 2n;
    }
    return null;
  }

  byte(): number {
    return this.#at < this.#to ? (this.bytes[this.#at++] ?? -1) : -1;
  }

  float(size: 4 | 8): number | null {
    const at = this.#at;
    if (at + size > this.#to) return null;
    this.#at = at + size;
    return size === 8 ? this.#view.getFloat64(at, true) : this.#view.getFloat32(at, true);
  }

  /** So many bytes; null where there are not. */
  part(size: number): Buffer | null {
    if (!(size >= 0) || this.#at + size > this.#to) return null;
    this.#at += size;
    return this.bytes.subarray(this.#at - size, this.#at);
  }

  /** A text of so many bytes. */
  text(size: number): boolean {
    const from = this.#at;
    if (!(size >= 0) || from + size > this.#to) return false;
    const { bytes, chunk } = this;
    const to = from + size;
    let isWide = false;
    let put = this.put;
    chunk[put++] = QUOTE;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte < BLANK || byte === QUOTE || byte === BACKSLASH) return this.#escapedText(from, to);
      isWide ||= byte >= WIDE;
      chunk[put++] = byte;
    }
    if (isWide && !isUtf8(bytes.subarray(from, to))) return false;
    chunk[put++] = QUOTE;
    [this.#at, this.put] = [to, put];
    return true;
  }

  #escapedText(from: number, to: number): boolean {
    if (!isUtf8(this.bytes.subarray(from, to))) return false;
    this.#at = to;
    return this.json(this.bytes.toString('utf8', from, to));
  }

  /** A value that is no object. */
  json(value: unknown): boolean {
    return this.words(JSON.stringify(value));
  }

  words(text: string): boolean {
    this.put += this.chunk.write(text, this.put);
    return true;
  }

  raw(bytes: Buffer): boolean {
    this.chunk.set(bytes, this.put);
    this.put += bytes.length;
    return true;
  }

  digits(value: number): boolean {
    this.put = writeDigits(this.chunk, this.put, value);
    return true;
  }
}

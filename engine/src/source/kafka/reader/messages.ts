import type { RecordBatch } from './record-batch.ts';

/** One of them, as an object of its own. */
export interface Message {
  readonly offset: string;
  /** Epoch ms. */
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A name that comes several times has a list. */
  readonly headers: Readonly<Record<string, Header | readonly Header[]>>;
}
type Header = Buffer | null;

/** Of each message: its offset in its batch, where key and value begin and end, how many headers it has, and where. */
const WIDTH = 7;
const [DELTA, KEY, KEY_END, VALUE, VALUE_END, HEADERS, HEADERS_AT] = [0, 1, 2, 3, 4, 5, 6];
const NONE = -1;
const SMALLEST_RECORD_BYTES = 7;

type Named = Pick<RecordBatch, 'baseOffset' | 'checksum'>;

/** Messages of one partition, as they lie in the bytes of their batch: an object is made only of one that is asked for. */
export class Messages {
  readonly bytes: Buffer;
  readonly length: number;
  /** Of the batch, as its broker keeps it. */
  readonly checksum: number;
  readonly #base: bigint;
  /** The same, where numbers hold all that follow. */
  readonly #small: number | null;
  readonly #places: Int32Array;
  readonly #times: Float64Array;

  constructor(bytes: Buffer, { baseOffset: base, checksum }: Named, places: Int32Array, times: Float64Array) {
    this.bytes = bytes;
    this.length = times.length;
    this.checksum = checksum;
    this.#base = base;
    this.#small = base < 2n ** 52n ? Number(base) : null;
    this.#places = places;
    this.#times = times;
  }

  slice(from: number, to: number = this.length): Messages {
    if (from === 0 && to >= this.length) return this;
    const places = this.#places.subarray(from * WIDTH, to * WIDTH);
    const named = { baseOffset: this.#base, checksum: this.checksum };
    return new Messages(this.bytes, named, places, this.#times.subarray(from, to));
  }

  offset(at: number): bigint {
    return this.#base + BigInt(this.#place(at, DELTA));
  }

  offsetText(at: number): string {
    return String(this.offsetNumber(at) ?? this.offset(at));
  }

  /** Null where no number holds it. */
  offsetNumber(at: number): number | null {
    return this.#small === null ? null : this.#small + this.#place(at, DELTA);
  }

  /** Epoch ms. */
  time(at: number): number {
    return this.#times[at] ?? 0;
  }

  /** In `bytes`; -1: there is none. */
  valueFrom(at: number): number {
    return this.#place(at, VALUE);
  }

  valueTo(at: number): number {
    return this.#place(at, VALUE_END);
  }

  /** In `bytes`; -1: there is none. */
  keyFrom(at: number): number {
    return this.#place(at, KEY);
  }

  keyTo(at: number): number {
    return this.#place(at, KEY_END);
  }

  key(at: number): Buffer | null {
    return this.#part(this.#place(at, KEY), this.#place(at, KEY_END));
  }

  value(at: number): Buffer | null {
    return this.#part(this.#place(at, VALUE), this.#place(at, VALUE_END));
  }

  hasHeaders(at: number): boolean {
    return this.#place(at, HEADERS) > 0;
  }

  at(at: number): Message {
    return {
      offset: this.offsetText(at),
      timestamp: String(this.time(at)),
      key: this.key(at),
      value: this.value(at),
      headers: headersIn(this.bytes, this.#place(at, HEADERS_AT), this.#place(at, HEADERS)),
    };
  }

  /** The first whose offset is not before this one, or how many there are. */
  from(offset: bigint): number {
    let at = 0;
    while (at < this.length && this.offset(at) < offset) at += 1;
    return at;
  }

  #place(at: number, what: number): number {
    return this.#places[at * WIDTH + what] ?? NONE;
  }

  #part(from: number, to: number): Buffer | null {
    return from === NONE ? null : this.bytes.subarray(from, to);
  }
}

/** `bytes` are the records of the batch, unpacked. Throws when they are damaged. */
export function messagesOf(batch: RecordBatch, bytes: Buffer): Messages {
  const { baseTime, appendedAt, count } = batch;
  if (count < 0 || count * SMALLEST_RECORD_BYTES > bytes.length) throw damaged();
  const places = new Int32Array(count * WIDTH);
  const times = new Float64Array(count);
  const cursor = new Cursor(bytes, 0);
  for (let index = 0; index < count; index += 1) {
    const size = cursor.varint();
    const end = cursor.at + size;
    if (size < 0 || end > bytes.length) throw damaged();
    cursor.at += 1; // attributes, of which none is used
    const time = cursor.varlong();
    times[index] = appendedAt ?? baseTime + time;
    const to = index * WIDTH;
    places[to + DELTA] = cursor.varint();
    places[to + KEY] = cursor.part();
    places[to + KEY_END] = cursor.at;
    places[to + VALUE] = cursor.part();
    places[to + VALUE_END] = cursor.at;
    places[to + HEADERS] = cursor.varint();
    places[to + HEADERS_AT] = cursor.at;
    if (cursor.at > end) throw damaged();
    cursor.at = end;
  }
  return new Messages(bytes, batch, places, times);
}

function headersIn(bytes: Buffer, from: number, count: number): Message['headers'] {
  const headers: Record<string, Header | Header[]> = Object.create(null) as Record<string, Header | Header[]>;
  const cursor = new Cursor(bytes, from);
  for (let left = count; left > 0; left -= 1) {
    const nameAt = cursor.part();
    const name = bytes.toString('utf8', Math.max(0, nameAt), cursor.at);
    const valueAt = cursor.part();
    const value = valueAt === NONE ? null : bytes.subarray(valueAt, cursor.at);
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

class Cursor {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  varint(): number {
    const first = this.#byte();
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw damaged();
  }

  /** Exact up to 53 bits. */
  varlong(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw damaged();
  }

  /** Where bytes begin that end where it then stands; -1 where there are none at all. */
  part(): number {
    const size = this.varint();
    if (size < 0) return NONE;
    const from = this.at;
    this.at += size;
    return from;
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw damaged();
    this.at += 1;
    return byte;
  }
}

const damaged = () => new Error('a batch of messages is damaged');

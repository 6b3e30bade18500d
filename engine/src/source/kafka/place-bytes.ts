import { placeText } from '../extract/letter-line.ts';
import type { LinePart } from '../extract/lines.ts';
import { writeDigits } from './digits.ts';
import { timeTeller } from './origin.ts';
import type { Messages } from './reader/messages.ts';

interface Where {
  readonly partition: number;
  /** Only where rows say it. */
  readonly topic?: string;
}

const [QUOTE, BACKSLASH, BLANK, DELETE] = [34, 92, 32, 127];
/** Of one byte of a key: `\u0000`. */
const MOST_BYTES_OF_KEY = 6;
const MOST_BYTES_OF_OFFSET = 20;
const KEY = Buffer.from(',"_key":');

/** The end of the line of a message: a comma and what `placeText` says of it, in bytes, of which none was a string before. */
export class PlaceBytes implements LinePart {
  readonly #messages: Messages;
  readonly #where: Where;
  readonly #timeOf = timeTeller();
  /** Up to the offset, of a message without a key; and from the key on. */
  readonly #keyless: Buffer;
  readonly #behindKey: Buffer;
  #behindOffset = Buffer.alloc(0);
  #timeMs = Number.NaN;
  #index = 0;

  constructor(messages: Messages, where: Where) {
    this.#messages = messages;
    this.#where = where;
    this.#behindKey = Buffer.from(`,"_partition":${where.partition},"_offset":`);
    this.#keyless = Buffer.concat([KEY, Buffer.from('null'), this.#behindKey]);
  }

  /** From now on of the message at `index`. */
  of(index: number): this {
    this.#index = index;
    const ms = this.#messages.time(index);
    if (ms === this.#timeMs) return this;
    const whole = placeText({ key: null, offset: '', time: this.#timeOf(ms), ...this.#where });
    this.#behindOffset = Buffer.from(whole.slice(whole.indexOf(',"_timestamp":')));
    this.#timeMs = ms;
    return this;
  }

  get mostBytes(): number {
    const key = this.#hasKey ? MOST_BYTES_OF_KEY * (this.#keyTo - this.#keyFrom) + KEY.length : 0;
    return key + this.#keyless.length + MOST_BYTES_OF_OFFSET + this.#behindOffset.length;
  }

  write(chunk: Buffer, from: number): number {
    const at = this.#hasKey
      ? put(this.#behindKey, chunk, this.#writeKey(chunk, put(KEY, chunk, from)))
      : put(this.#keyless, chunk, from);
    return put(this.#behindOffset, chunk, this.#writeOffset(chunk, at));
  }

  get #keyFrom(): number {
    return this.#messages.keyFrom(this.#index);
  }

  get #keyTo(): number {
    return this.#messages.keyTo(this.#index);
  }

  get #hasKey(): boolean {
    return this.#keyFrom >= 0;
  }

  #writeKey(chunk: Buffer, from: number): number {
    const { bytes } = this.#messages;
    const to = this.#keyTo;
    let put = from;
    chunk[put++] = QUOTE;
    for (let at = this.#keyFrom; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte < BLANK || byte >= DELETE || byte === QUOTE || byte === BACKSLASH)
        return from + chunk.write(JSON.stringify(bytes.toString('utf8', this.#keyFrom, to)), from);
      chunk[put++] = byte;
    }
    chunk[put++] = QUOTE;
    return put;
  }

  #writeOffset(chunk: Buffer, from: number): number {
    const offset = this.#messages.offsetNumber(this.#index);
    return offset === null
      ? from + chunk.write(this.#messages.offsetText(this.#index), from)
      : writeDigits(chunk, from, offset);
  }
}

function put(bytes: Buffer, chunk: Buffer, at: number): number {
  chunk.set(bytes, at);
  return at + bytes.length;
}

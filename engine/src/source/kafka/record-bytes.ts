import type { LinePart } from '../extract/lines.ts';
import type { DecodedBytes } from './format/decoder.ts';

const NOTHING: Buffer = Buffer.alloc(0);

/** The record of one message after another, for a line that its place ends. */
export class RecordBytes implements LinePart {
  #decoded: DecodedBytes | null = null;
  #bytes = NOTHING;
  #from = 0;
  #to = 0;

  of(decoded: DecodedBytes, bytes: Buffer, from: number, to: number): this {
    this.#decoded = decoded;
    this.#bytes = bytes;
    this.#from = from;
    this.#to = to;
    return this;
  }

  get mostBytes(): number {
    return this.#decoded?.mostBytes(this.#to - this.#from) ?? 0;
  }

  write(chunk: Buffer, at: number): number {
    return this.#decoded?.write(this.#bytes, this.#from, this.#to, chunk, at) ?? -1;
  }
}

/** A growing run of bytes with the offsets of its values, as Arrow keeps text and binary. */
export class BytesBuilder {
  private bytes = new Uint8Array(4096);
  private used = 0;
  private offsets = new Int32Array(1025);
  private count = 0;

  get sizeBytes(): number {
    return this.used;
  }

  /** Inline strings of DuckDB: at most 12 bytes, copied one by one because a call costs more. */
  pushShort(source: Uint8Array, from: number, length: number): void {
    this.reserve(length);
    const { bytes, used } = this;
    for (let i = 0; i < length; i += 1) bytes[used + i] = source[from + i] ?? 0;
    this.close(length);
  }

  pushBytes(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.used);
    this.close(source.length);
  }

  pushText(text: string): void {
    this.reserve(text.length * 3);
    this.close(encoder.encodeInto(text, this.bytes.subarray(this.used)).written);
  }

  pushNothing(): void {
    this.close(0);
  }

  finish(): { valueOffsets: Int32Array; data: Uint8Array } {
    return { valueOffsets: this.offsets.slice(0, this.count + 1), data: this.bytes.slice(0, this.used) };
  }

  private close(length: number): void {
    this.used += length;
    this.count += 1;
    if (this.count >= this.offsets.length) this.offsets = grown(this.offsets, new Int32Array(this.offsets.length * 2));
    this.offsets[this.count] = this.used;
  }

  private reserve(length: number): void {
    const needed = this.used + length;
    if (needed > MAX_BYTES)
      throw new RangeError('invalid array length: one batch of text exceeds what Arrow can address');
    if (needed > this.bytes.length)
      this.bytes = grown(this.bytes, new Uint8Array(Math.max(needed, this.bytes.length * 2)));
  }
}

// Offsets are signed 32-bit numbers.
const MAX_BYTES = 2 ** 31 - 1;
const encoder = new TextEncoder();

function grown<Items extends Uint8Array | Int32Array>(from: Items, into: Items): Items {
  into.set(from);
  return into;
}

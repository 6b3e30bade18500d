import { isValid } from './raw-vector.ts';

/** Collects validity bits of one column of a batch; nothing is allocated before the first NULL. */
export class ValidityBuilder {
  nullCount = 0;
  private bits: Uint8Array | null = null;
  private length = 0;

  append(validity: Uint8Array | null, from: number, count: number): void {
    if (validity === null) {
      if (this.bits) for (let i = 0; i < count; i += 1) this.mark(this.length + i);
      this.length += count;
      return;
    }
    for (let i = 0; i < count; i += 1) this.push(isValid(validity, from + i));
  }

  push(valid: boolean): void {
    if (!valid) {
      this.bits ??= allValid(this.length);
      this.nullCount += 1;
    } else if (this.bits) this.mark(this.length);
    this.length += 1;
  }

  /** The bitmap, padded, or undefined when every value is there. */
  finish(): Uint8Array | undefined {
    if (!this.bits) return undefined;
    this.reserve(this.length);
    return this.bits.slice(0, (this.length + 7) >> 3);
  }

  private mark(index: number): void {
    const bits = this.reserve(index + 1);
    bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  }

  private reserve(count: number): Uint8Array {
    const bytes = (count + 7) >> 3;
    const bits = this.bits ?? new Uint8Array(0);
    if (bits.length >= bytes) return bits;
    const grown = new Uint8Array(Math.max(bytes, bits.length * 2, 64));
    grown.set(bits);
    return (this.bits = grown);
  }
}

function allValid(count: number): Uint8Array {
  const bits = new Uint8Array((count + 7) >> 3).fill(0xff);
  if (count & 7) bits[bits.length - 1] = (1 << (count & 7)) - 1;
  return bits;
}

import { DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api';
import { rawItems, rawView } from './raw-vector.ts';

type Numbers =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

type NumbersOf = new (length: number) => Numbers;

/** How values of one width are kept: as they are, or widened to the 128 bits of an Arrow decimal. */
export type FixedKind =
  | { readonly keep: 'same'; readonly array: NumbersOf }
  | { readonly keep: 'widened'; readonly array: NumbersOf }
  | { readonly keep: 'wide' };

export function fixedKindOf(typeId: DuckDBTypeId, decimalWidth: number): FixedKind | null {
  if (typeId === DuckDBTypeId.HUGEINT) return { keep: 'wide' };
  if (typeId === DuckDBTypeId.DECIMAL) {
    if (decimalWidth > 18) return { keep: 'wide' };
    return { keep: 'widened', array: decimalWidth <= 4 ? Int16Array : decimalWidth <= 9 ? Int32Array : BigInt64Array };
  }
  const array = arrays.get(typeId);
  return array ? { keep: 'same', array } : null;
}

const arrays = new Map<DuckDBTypeId, NumbersOf>([
  [DuckDBTypeId.TINYINT, Int8Array],
  [DuckDBTypeId.SMALLINT, Int16Array],
  [DuckDBTypeId.INTEGER, Int32Array],
  [DuckDBTypeId.BIGINT, BigInt64Array],
  [DuckDBTypeId.UTINYINT, Uint8Array],
  [DuckDBTypeId.USMALLINT, Uint16Array],
  [DuckDBTypeId.UINTEGER, Uint32Array],
  [DuckDBTypeId.UBIGINT, BigUint64Array],
  [DuckDBTypeId.FLOAT, Float32Array],
  [DuckDBTypeId.DOUBLE, Float64Array],
  [DuckDBTypeId.DATE, Int32Array],
  [DuckDBTypeId.TIME, BigInt64Array],
  [DuckDBTypeId.TIME_NS, BigInt64Array],
  [DuckDBTypeId.TIMESTAMP, BigInt64Array],
  [DuckDBTypeId.TIMESTAMP_S, BigInt64Array],
  [DuckDBTypeId.TIMESTAMP_MS, BigInt64Array],
  [DuckDBTypeId.TIMESTAMP_NS, BigInt64Array],
  [DuckDBTypeId.TIMESTAMP_TZ, BigInt64Array],
]);

/** Values of one width, one after the other. What lies below a NULL is whatever DuckDB left there. */
export class FixedBuilder {
  length = 0;
  private bytes = new Uint8Array(0);
  private readonly kind: FixedKind;
  private readonly width: number;

  constructor(kind: FixedKind) {
    this.kind = kind;
    this.width = kind.keep === 'same' ? new kind.array(0).BYTES_PER_ELEMENT : 16;
  }

  get sizeBytes(): number {
    return this.length * this.width;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    this.reserve(count);
    if (this.kind.keep === 'widened') this.widen(decimalItems(vector, this.kind.array), from, count);
    else {
      const source = this.kind.keep === 'wide' ? rawView(vector) : rawItems(vector, this.kind.array);
      const bytes = new Uint8Array(source.buffer, source.byteOffset + from * this.width, count * this.width);
      this.bytes.set(bytes, this.sizeBytes);
    }
    this.length += count;
  }

  skip(count: number): void {
    this.reserve(count);
    this.bytes.fill(0, this.sizeBytes, this.sizeBytes + count * this.width);
    this.length += count;
  }

  finish(): Numbers {
    const { buffer } = this.bytes.slice(0, this.sizeBytes);
    return this.kind.keep === 'same' ? viewOf(this.kind.array, buffer) : new Uint32Array(buffer);
  }

  private widen(items: Numbers, from: number, count: number): void {
    const out = new BigInt64Array(this.bytes.buffer, this.sizeBytes, count * 2);
    for (let i = 0; i < count; i += 1) {
      const value = BigInt(items[from + i] ?? 0);
      out[i * 2] = value;
      out[i * 2 + 1] = value < 0n ? -1n : 0n;
    }
  }

  private reserve(count: number): void {
    const needed = this.sizeBytes + count * this.width;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

function decimalItems(vector: DuckDBVector, array: NumbersOf): Numbers {
  const { buffer, byteOffset, byteLength } = rawView(vector);
  return viewOf(array, buffer, byteOffset, byteLength / new array(0).BYTES_PER_ELEMENT);
}

function viewOf(array: NumbersOf, buffer: ArrayBufferLike, byteOffset = 0, length?: number): Numbers {
  return Reflect.construct(array, [buffer, byteOffset, length]) as Numbers;
}

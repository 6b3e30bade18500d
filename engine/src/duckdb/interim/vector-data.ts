import type { DuckDBVector } from '@duckdb/node-api';
import { DuckDBDecimalValue } from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import { jsonValue } from './json-value.ts';

/** One column of a chunk as Arrow data. Everything is copied: the vector's memory is DuckDB's. */
export function vectorData(type: arrow.DataType, vector: DuckDBVector, length: number): arrow.Data {
  const nulls = validity(vector, length);
  if (arrow.DataType.isUtf8(type)) return utf8Data(type, vector, length, nulls);
  if (arrow.DataType.isBool(type)) return boolData(type, vector, length, nulls);
  if (arrow.DataType.isDecimal(type)) return decimalData(type, vector, length, nulls);
  const items = fixedItems(vector);
  const data = items === null ? slowItems(type, vector, length) : items.slice(0, length);
  return arrow.makeData({ type, length, nullCount: nulls.count, nullBitmap: nulls.bitmap, data } as never);
}

interface Nulls {
  readonly count: number;
  /** Least significant bit first, 1 for a value: DuckDB's layout is Arrow's. Undefined when nothing is null. */
  readonly bitmap: Uint8Array | undefined;
}

function validity(vector: DuckDBVector, length: number): Nulls {
  const bitmap = new Uint8Array((length + 7) >> 3);
  let count = 0;
  const known = validityBits(vector);
  for (let row = 0; row < length; row += 1) {
    const isValid = known ? (known[row >> 6] ?? 0n) & (1n << BigInt(row & 63)) : 1n;
    if (isValid) bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7));
    else count += 1;
  }
  return count === 0 ? { count, bitmap: undefined } : { count, bitmap };
}

function validityBits(vector: DuckDBVector): BigUint64Array | null {
  const held = (vector as unknown as { validity?: { data?: BigUint64Array | null } }).validity?.data;
  return held instanceof BigUint64Array ? held : null;
}

type Items = { slice(start: number, end: number): ArrayBufferView };

function fixedItems(vector: DuckDBVector): Items | null {
  const { items } = vector as unknown as { items?: unknown };
  return ArrayBuffer.isView(items) ? (items as unknown as Items) : null;
}

function slowItems(type: arrow.DataType, vector: DuckDBVector, length: number): ArrayBufferView {
  throw new Error(`a vector of ${type} has no typed array (${vector.constructor.name}, ${length} rows)`);
}

function boolData(type: arrow.Bool, vector: DuckDBVector, length: number, nulls: Nulls): arrow.Data {
  const data = new Uint8Array((length + 7) >> 3);
  for (let row = 0; row < length; row += 1)
    if (vector.getItem(row) === true) data[row >> 3] = (data[row >> 3] ?? 0) | (1 << (row & 7));
  return arrow.makeData({ type, length, nullCount: nulls.count, nullBitmap: nulls.bitmap, data } as never);
}

function decimalData(type: arrow.Decimal, vector: DuckDBVector, length: number, nulls: Nulls): arrow.Data {
  const data = new BigUint64Array(length * 2);
  for (let row = 0; row < length; row += 1) {
    const value: unknown = vector.getItem(row);
    if (value === null) continue;
    const unscaled = value instanceof DuckDBDecimalValue ? value.value : BigInt(value as bigint);
    data[row * 2] = BigInt.asUintN(64, unscaled);
    data[row * 2 + 1] = BigInt.asUintN(64, unscaled >> 64n);
  }
  return arrow.makeData({
    type,
    length,
    nullCount: nulls.count,
    nullBitmap: nulls.bitmap,
    data: new Uint32Array(data.buffer),
  } as never);
}

const encoder = new TextEncoder();
/** DuckDB's string_t: 4 bytes of length, then up to 12 bytes in place, or a pointer that only the binding may follow. */
const INLINE_BYTES = 12;

function utf8Data(type: arrow.Utf8, vector: DuckDBVector, length: number, nulls: Nulls): arrow.Data {
  const offsets = new Int32Array(length + 1);
  const out = new GrowingBytes(length * 16);
  const view = stringView(vector);
  for (let row = 0; row < length; row += 1) {
    const isNull = nulls.bitmap && !((nulls.bitmap[row >> 3] ?? 0) & (1 << (row & 7)));
    if (!isNull) {
      const inline = view === null ? -1 : view.getUint32(row * 16, true);
      if (view !== null && inline >= 0 && inline <= INLINE_BYTES) out.copy(view, row * 16 + 4, inline);
      else out.push(encoder.encode(textOf(vector.getItem(row))));
    }
    offsets[row + 1] = out.length;
  }
  return arrow.makeData({
    type,
    length,
    nullCount: nulls.count,
    nullBitmap: nulls.bitmap,
    valueOffsets: offsets,
    data: out.bytes(),
  } as never);
}

function stringView(vector: DuckDBVector): DataView | null {
  if (vector.constructor.name !== 'DuckDBVarCharVector') return null;
  const { dataView } = vector as unknown as { dataView?: unknown };
  return dataView instanceof DataView ? dataView : null;
}

/** Types without an Arrow form of their own travel as their text; nested ones as JSON. */
function textOf(value: unknown): string {
  const json = jsonValue(value);
  return typeof json === 'string' ? json : JSON.stringify(json);
}

class GrowingBytes {
  #buffer: Uint8Array;
  length = 0;

  constructor(size: number) {
    this.#buffer = new Uint8Array(Math.max(size, 64));
  }

  push(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  copy(view: DataView, start: number, count: number): void {
    this.#reserve(count);
    for (let at = 0; at < count; at += 1) this.#buffer[this.length + at] = view.getUint8(start + at);
    this.length += count;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.length + count));
    grown.set(this.#buffer.subarray(0, this.length));
    this.#buffer = grown;
  }
}

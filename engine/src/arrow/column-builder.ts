import {
  DuckDBArrayType,
  DuckDBBlobVector,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBListVector,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBStructVector,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBVector,
} from '@duckdb/node-api';
import { type Data, type DataType, makeData } from 'apache-arrow';
import { jsonAt } from '../duckdb/child/json-value.ts';
import { arrowTypeOf, isNamed } from './arrow-type.ts';
import { BytesBuilder } from './bytes-builder.ts';
import { fixedKindOf, FixedBuilder, type FixedKind } from './fixed-builder.ts';
import { isValid, rawMember, rawValidity, rawView } from './raw-vector.ts';
import { ValidityBuilder } from './validity-builder.ts';

/** Collects one column of one record batch from many vectors. */
export interface ColumnBuilder {
  append(vector: DuckDBVector, from: number, count: number): void;
  /** Values that have no vector: slots below a NULL list or struct. */
  appendNulls(count: number): void;
  finish(): Data;
  readonly sizeBytes: number;
}

export function createColumnBuilder(type: DuckDBType): ColumnBuilder {
  const arrowType = arrowTypeOf(type);
  if (type instanceof DuckDBListType) return new ListBuilder(arrowType, createColumnBuilder(type.valueType));
  if (type instanceof DuckDBArrayType)
    return new ArrayBuilder(arrowType, createColumnBuilder(type.valueType), type.length);
  if (type instanceof DuckDBMapType) return new MapBuilder(arrowType, mapEntries(arrowType, type));
  if (type instanceof DuckDBStructType && isNamed(type)) {
    return new StructBuilder(arrowType, type.entryTypes.map(createColumnBuilder));
  }
  const fixed = fixedKindOf(type.typeId, type instanceof DuckDBDecimalType ? type.width : 0);
  if (fixed) return new FixedColumn(arrowType, fixed);
  if (type.typeId === DuckDBTypeId.BOOLEAN) return new BoolColumn(arrowType);
  return new BytesColumn(arrowType, byteReaderOf(type));
}

function mapEntries(mapType: DataType, type: DuckDBMapType): StructBuilder {
  const entries: DataType = mapType.children[0]?.type;
  return new StructBuilder(entries, [createColumnBuilder(type.keyType), createColumnBuilder(type.valueType)]);
}

class FixedColumn implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private readonly values: FixedBuilder;
  private readonly type: DataType;

  constructor(type: DataType, kind: FixedKind) {
    this.type = type;
    this.values = new FixedBuilder(kind);
  }

  get sizeBytes(): number {
    return this.values.sizeBytes;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    this.validity.append(rawValidity(vector), from, count);
    this.values.append(vector, from, count);
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) this.validity.push(false);
    this.values.skip(count);
  }

  finish(): Data {
    const nullBitmap = this.validity.finish();
    return makeData({
      type: this.type,
      length: this.values.length,
      nullCount: this.validity.nullCount,
      nullBitmap,
      data: this.values.finish(),
    } as never);
  }
}

class BoolColumn implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private readonly values = new ValidityBuilder();
  private length = 0;
  private readonly type: DataType;

  constructor(type: DataType) {
    this.type = type;
  }

  get sizeBytes(): number {
    return this.length >> 3;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    const view = rawView(vector);
    this.validity.append(rawValidity(vector), from, count);
    for (let i = from; i < from + count; i += 1) this.values.push(view.getUint8(i) !== 0);
    this.length += count;
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) {
      this.validity.push(false);
      this.values.push(false);
    }
    this.length += count;
  }

  finish(): Data {
    const data = this.values.finish() ?? new Uint8Array((this.length + 7) >> 3).fill(0xff);
    return makeData({
      type: this.type,
      length: this.length,
      nullCount: this.validity.nullCount,
      nullBitmap: this.validity.finish(),
      data,
    } as never);
  }
}

type ByteReader = (
  vector: DuckDBVector,
  from: number,
  count: number,
  validity: ValidityBuilder,
  into: BytesBuilder,
) => void;

class BytesColumn implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private readonly bytes = new BytesBuilder();
  private length = 0;
  private readonly type: DataType;
  private readonly read: ByteReader;

  constructor(type: DataType, read: ByteReader) {
    this.type = type;
    this.read = read;
  }

  get sizeBytes(): number {
    return this.bytes.sizeBytes;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    this.read(vector, from, count, this.validity, this.bytes);
    this.length += count;
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) {
      this.validity.push(false);
      this.bytes.pushNothing();
    }
    this.length += count;
  }

  finish(): Data {
    const nullBitmap = this.validity.finish();
    return makeData({
      type: this.type,
      length: this.length,
      nullCount: this.validity.nullCount,
      nullBitmap,
      ...this.bytes.finish(),
    } as never);
  }
}

function byteReaderOf(type: DuckDBType): ByteReader {
  if (type.typeId === DuckDBTypeId.VARCHAR) return readTexts;
  return type.typeId === DuckDBTypeId.BLOB ? readBlobs : readAsText;
}

const STRING_SIZE = 16;
const INLINE_LENGTH = 12;

/** Short strings are inside the vector and are copied as bytes; long ones are behind a pointer only DuckDB follows. */
const readTexts: ByteReader = (vector, from, count, validity, into) => {
  const view = rawView(vector);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const valid = rawValidity(vector);
  // The same memory read as BLOB gives the bytes of a text as they are, without decoding and encoding them.
  const blobs = asBlobs(vector, view);
  validity.append(valid, from, count);
  for (let index = from; index < from + count; index += 1) {
    const length = isValid(valid, index) ? view.getUint32(index * STRING_SIZE, true) : 0;
    if (length <= INLINE_LENGTH) into.pushShort(bytes, index * STRING_SIZE + 4, length);
    else into.pushBytes(longBytes(blobs, index));
  }
};

function asBlobs(vector: DuckDBVector, view: DataView): DuckDBBlobVector {
  const blobs: unknown = Reflect.construct(DuckDBBlobVector, [view, ALL_VALID, vector, 0, vector.itemCount]);
  if (blobs instanceof DuckDBBlobVector) return blobs;
  throw new TypeError('expected a blob vector');
}

const ALL_VALID = { itemValid: () => true };

function longBytes(blobs: DuckDBBlobVector, index: number): Uint8Array {
  const bytes = blobs.getItemBytes(index);
  if (bytes) return bytes;
  throw new TypeError('expected the bytes of a text');
}

const readBlobs: ByteReader = (vector, from, count, validity, into) => {
  for (let index = from; index < from + count; index += 1) {
    const bytes = vector instanceof DuckDBBlobVector ? vector.getItemBytes(index) : null;
    validity.push(bytes !== null);
    if (bytes) into.pushBytes(bytes);
    else into.pushNothing();
  }
};

/** Unions and variants keep their NULLs in their members, so the value itself is asked. */
const readAsText: ByteReader = (vector, from, count, validity, into) => {
  for (let index = from; index < from + count; index += 1) {
    const json = jsonAt(vector, index);
    validity.push(json !== null);
    if (json === null) into.pushNothing();
    else into.pushText(typeof json === 'string' ? json : JSON.stringify(json));
  }
};

class StructBuilder implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private length = 0;
  private readonly type: DataType;
  private readonly entries: readonly ColumnBuilder[];

  constructor(type: DataType, entries: readonly ColumnBuilder[]) {
    this.type = type;
    this.entries = entries;
  }

  get sizeBytes(): number {
    return this.entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    if (!(vector instanceof DuckDBStructVector)) throw new TypeError('expected a struct vector');
    this.validity.append(rawValidity(vector), from, count);
    for (const [index, entry] of this.entries.entries()) entry.append(vector.entryVectorAt(index), from, count);
    this.length += count;
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) this.validity.push(false);
    for (const entry of this.entries) entry.appendNulls(count);
    this.length += count;
  }

  finish(): Data {
    const nullBitmap = this.validity.finish();
    const children = this.entries.map((entry) => entry.finish());
    return makeData({
      type: this.type,
      length: this.length,
      nullCount: this.validity.nullCount,
      nullBitmap,
      children,
    } as never);
  }
}

class ListBuilder implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private readonly offsets: number[] = [0];
  private readonly type: DataType;
  private readonly items: ColumnBuilder;

  constructor(type: DataType, items: ColumnBuilder) {
    this.type = type;
    this.items = items;
  }

  get sizeBytes(): number {
    return this.items.sizeBytes + this.offsets.length * 4;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    if (!(vector instanceof DuckDBListVector)) throw new TypeError('expected a list vector');
    const validity = rawValidity(vector);
    this.validity.append(validity, from, count);
    const run = { start: 0, length: 0 };
    for (let index = from; index < from + count; index += 1) {
      const length = isValid(validity, index) ? vector.getEntryLength(index) : 0;
      this.offsets.push((this.offsets.at(-1) ?? 0) + length);
      if (length === 0) continue;
      const start = vector.getEntryOffset(index);
      if (start !== run.start + run.length) {
        this.copy(vector, run);
        Object.assign(run, { start, length: 0 });
      }
      run.length += length;
    }
    this.copy(vector, run);
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) {
      this.validity.push(false);
      this.offsets.push(this.offsets.at(-1) ?? 0);
    }
  }

  finish(): Data {
    const nullBitmap = this.validity.finish();
    const length = this.offsets.length - 1;
    const valueOffsets = Int32Array.from(this.offsets);
    return makeData({
      type: this.type,
      length,
      nullCount: this.validity.nullCount,
      nullBitmap,
      valueOffsets,
      child: this.items.finish(),
    } as never);
  }

  private copy(vector: DuckDBListVector, run: { start: number; length: number }): void {
    if (run.length > 0) this.items.append(vector.childVector, run.start, run.length);
  }
}

/** A map is a list of entries, in DuckDB as in Arrow. */
class MapBuilder extends ListBuilder {
  override append(vector: DuckDBVector, from: number, count: number): void {
    super.append(rawMember(vector, 'listVector'), from, count);
  }
}

class ArrayBuilder implements ColumnBuilder {
  private readonly validity = new ValidityBuilder();
  private length = 0;
  private readonly type: DataType;
  private readonly items: ColumnBuilder;
  private readonly width: number;

  constructor(type: DataType, items: ColumnBuilder, width: number) {
    this.type = type;
    this.items = items;
    this.width = width;
  }

  get sizeBytes(): number {
    return this.items.sizeBytes;
  }

  append(vector: DuckDBVector, from: number, count: number): void {
    this.validity.append(rawValidity(vector), from, count);
    this.items.append(rawMember(vector, 'childData'), from * this.width, count * this.width);
    this.length += count;
  }

  appendNulls(count: number): void {
    for (let i = 0; i < count; i += 1) this.validity.push(false);
    this.items.appendNulls(count * this.width);
    this.length += count;
  }

  finish(): Data {
    const nullBitmap = this.validity.finish();
    return makeData({
      type: this.type,
      length: this.length,
      nullCount: this.validity.nullCount,
      nullBitmap,
      child: this.items.finish(),
    } as never);
  }
}

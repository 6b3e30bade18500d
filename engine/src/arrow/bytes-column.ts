import { DuckDBBlobVector, type DuckDBType, DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api';
import type { Data, DataType } from 'apache-arrow';
import { jsonAt } from '../duckdb/child/json-value.ts';
import { BytesBuilder } from './bytes-builder.ts';
import { type ColumnBuilder, columnData } from './column.ts';
import { isValid, rawValidity, rawView } from './raw-vector.ts';
import { ValidityBuilder } from './validity-builder.ts';

type ByteReader = (
  vector: DuckDBVector,
  from: number,
  count: number,
  validity: ValidityBuilder,
  into: BytesBuilder,
) => void;

export class BytesColumn implements ColumnBuilder {
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
    return columnData(this.type, this.length, this.validity, this.bytes.finish());
  }
}

/** How values of a type become bytes: texts and blobs as they are, the rest as text. */
export function byteReaderOf(type: DuckDBType): ByteReader {
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

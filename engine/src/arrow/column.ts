import type { DuckDBVector } from '@duckdb/node-api';
import { type Data, type DataType, makeData } from 'apache-arrow';
import type { ValidityBuilder } from './validity-builder.ts';

/** Collects one column of one record batch from many vectors. */
export interface ColumnBuilder {
  append(vector: DuckDBVector, from: number, count: number): void;
  /** Values that have no vector: slots below a NULL list or struct. */
  appendNulls(count: number): void;
  finish(): Data;
  readonly sizeBytes: number;
}

/** A finished column: which of its values are there, and in `values` the buffers or children of its type. */
export function columnData(type: DataType, length: number, validity: ValidityBuilder, values: object): Data {
  const nullBitmap = validity.finish();
  return makeData({ type, length, nullCount: validity.nullCount, nullBitmap, ...values } as never);
}

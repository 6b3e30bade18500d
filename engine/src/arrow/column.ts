import type { DuckDBVector } from '@duckdb/node-api';
import type { Data } from 'apache-arrow';

/** Collects one column of one record batch from many vectors. */
export interface ColumnBuilder {
  append(vector: DuckDBVector, from: number, count: number): void;
  /** Values that have no vector: slots below a NULL list or struct. */
  appendNulls(count: number): void;
  finish(): Data;
  readonly sizeBytes: number;
}

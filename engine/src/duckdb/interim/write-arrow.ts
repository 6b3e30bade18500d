/**
 * Results as Arrow IPC streams, written batch by batch: memory is bounded by one batch, whatever the result's size.
 * Fields carry DuckDB's own type word in their metadata, `duckdb.type`, for readers that show exact types.
 */
import { open } from 'node:fs/promises';
import type { DuckDBResult } from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import type { ArrowAnswer } from './protocol.ts';
import { arrowType } from './arrow-type.ts';
import { vectorData } from './vector-data.ts';

export const TYPE_KEY = 'duckdb.type';

/** Reads `result` to its end or to `limit` rows and writes `file`, which must not exist. */
export async function writeArrow(result: DuckDBResult, file: string, limit: number | null): Promise<ArrowAnswer> {
  const names = result.deduplicatedColumnNames();
  const columns = names.map((name, index) => ({ name, type: result.columnType(index).toString() }));
  const schema = new arrow.Schema(
    columns.map(
      ({ name, type }, index) =>
        new arrow.Field(name, arrowType(result.columnType(index)), true, new Map([[TYPE_KEY, type]])),
    ),
  );
  const sink = await open(file, 'wx', 0o600);
  const writer = new arrow.RecordBatchStreamWriter();
  let sizeBytes = 0;
  let rowCount = 0;
  let truncated = false;
  const drain = async (): Promise<void> => {
    for await (const bytes of writer) {
      sizeBytes += bytes.length;
      await sink.write(bytes);
    }
  };
  const draining = drain();
  try {
    writer.reset(undefined, schema);
    const wanted = limit ?? Number.POSITIVE_INFINITY;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      const length = Math.min(chunk.rowCount, wanted - rowCount);
      truncated = length < chunk.rowCount;
      if (length > 0) {
        const children = schema.fields.map((field, index) =>
          vectorData(field.type, chunk.getColumnVector(index), length),
        );
        writer.write(
          new arrow.RecordBatch(
            schema,
            arrow.makeData({ type: new arrow.Struct(schema.fields), length, nullCount: 0, children }),
          ),
        );
        rowCount += length;
      }
      if (truncated) break;
    }
    writer.finish();
    await draining;
  } finally {
    await sink.close();
  }
  return { columns, rowCount, sizeBytes, truncated };
}

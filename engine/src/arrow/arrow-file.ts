import { type FileHandle, open } from 'node:fs/promises';
import type { DuckDBDataChunk, DuckDBType } from '@duckdb/node-api';
import type { Column } from '@datacraft/shared';
import { Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from 'apache-arrow';
import { arrowTypeOf } from './arrow-type.ts';
import type { ColumnBuilder } from './column.ts';
import { createColumnBuilder } from './column-builder.ts';

/**
 * DuckDB's chunks as an Arrow IPC stream in a file.
 *
 * A1  Memory is bounded by one record batch, whatever the size of the result.
 * A2  Every value is exact: what Arrow has no type for is DuckDB's own text, never a rounded number.
 * A3  Each field's metadata holds DuckDB's word for its type as `duckdb.type`.
 */
export interface ArrowFile {
  append(chunk: DuckDBDataChunk, count: number): Promise<void>;
  /** Ends the stream; the answer is the size of the file. */
  finish(): Promise<number>;
  close(): Promise<void>;
}

// A chunk has 2048 rows: batches that small make reading slow, larger ones cost memory in the browser.
const BATCH_ROWS = 65_536;
const BATCH_BYTES = 32e6;

export async function createArrowFile(
  path: string,
  columns: readonly Column[],
  types: readonly DuckDBType[],
): Promise<ArrowFile> {
  const fields = types.map((type, index) => fieldOf(columns[index] ?? { name: '', type: '' }, type));
  const schema = new Schema(fields);
  const file = await open(path, 'w', 0o600);
  const writer = new CollectingWriter();
  writer.reset(undefined, schema);
  let builders: ColumnBuilder[] = types.map(createColumnBuilder);
  let rows = 0;
  let sizeBytes = 0;

  async function flush(): Promise<void> {
    const children = builders.map((builder) => builder.finish());
    const data = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
    writer.write(new RecordBatch(schema, data));
    builders = types.map(createColumnBuilder);
    rows = 0;
    sizeBytes += await drain(writer, file);
  }

  return {
    append: async (chunk, count) => {
      if (count > 0)
        for (const [index, builder] of builders.entries()) builder.append(chunk.getColumnVector(index), 0, count);
      rows += count;
      const pending = builders.reduce((sum, builder) => sum + builder.sizeBytes, 0);
      if (rows >= BATCH_ROWS || pending >= BATCH_BYTES) await flush();
    },
    finish: async () => {
      if (rows > 0 || sizeBytes === 0) await flush();
      writer.finish();
      return sizeBytes + (await drain(writer, file));
    },
    close: () => file.close(),
  };
}

function fieldOf(column: Column, type: DuckDBType): Field {
  return new Field(column.name, arrowTypeOf(type), true, new Map([['duckdb.type', column.type]]));
}

/** Hands over what was written instead of queueing it, so that the file sets the pace. */
class CollectingWriter extends RecordBatchStreamWriter {
  private collected: Uint8Array[] = [];

  take(): Uint8Array[] {
    const taken = this.collected;
    this.collected = [];
    return taken;
  }

  protected override _write(chunk: ArrayBufferView | ArrayBufferLike): this {
    const bytes = ArrayBuffer.isView(chunk)
      ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      : new Uint8Array(chunk);
    if (bytes.byteLength > 0) this.collected.push(bytes);
    this._position += bytes.byteLength;
    return this;
  }
}

async function drain(writer: CollectingWriter, file: FileHandle): Promise<number> {
  let written = 0;
  for (const bytes of writer.take()) {
    await file.writeFile(bytes);
    written += bytes.byteLength;
  }
  return written;
}

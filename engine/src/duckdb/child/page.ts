import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { type Column, Fault, say } from '@datacraft/shared';
import type { Operations } from '../wire.ts';
import { jsonAt } from './json-value.ts';
import { streamStatement } from './statement.ts';
import { typeWord } from './type-word.ts';

type RowsRequest = Operations['rows']['request'];

/** Sends the rows on in batches; the answer says what they are part of. */
export async function readPage(
  connection: DuckDBConnection,
  request: RowsRequest,
  send: (rows: unknown[][]) => Promise<void>,
): Promise<Operations['rows']['answer']> {
  const result = await streamStatement(connection, request);
  const columns = columnsOf(result);
  const limit = request.limit ?? Number.POSITIVE_INFINITY;
  const size: Size = { maxBytes: request.maxBytes, left: request.maxBytes };
  let sent = 0;
  let truncated = false;
  for (let chunk = await nextChunk(result); chunk && !truncated;) {
    const rows = rowsOf(chunk, columns.length, Math.min(chunk.rowCount, limit - sent), size);
    truncated = rows.length < chunk.rowCount;
    if (rows.length > 0) await send(rows);
    sent += rows.length;
    if (!truncated) chunk = await nextChunk(result);
  }
  if (!truncated) return { columns, totalRows: sent, truncated };
  return { columns, totalRows: request.countTotal ? await countRows(connection, request) : null, truncated };
}

export async function nextChunk(result: DuckDBResult): Promise<DuckDBDataChunk | null> {
  const chunk = await result.fetchChunk();
  return chunk && chunk.rowCount > 0 ? chunk : null;
}

export function columnsOf(result: DuckDBResult): readonly Column[] {
  const types = result.columnTypes();
  return types.map((type, index) => ({ name: result.columnName(index), type: typeWord(type) }));
}

/** Row by row, so that what is too large is noticed before more of it is made. */
function rowsOf(chunk: DuckDBDataChunk, width: number, count: number, size: Size): unknown[][] {
  const vectors = Array.from({ length: width }, (_, column) => chunk.getColumnVector(column));
  return Array.from({ length: count }, (_, index) => {
    const row = vectors.map((vector) => jsonAt(vector, index));
    for (const value of row) size.left -= weightOf(value);
    if (size.left < 0) throw tooLarge(size);
    return row;
  });
}

interface Size {
  readonly maxBytes: number;
  left: number;
}

function tooLarge({ maxBytes }: Size): Fault {
  const mb = Math.round(maxBytes / 1e6);
  return new Fault(
    'too-large',
    say('the rows are larger than {mb} MB; ask for fewer rows or columns, or download them as a file', { mb }),
  );
}

function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let weight = 8;
  for (const item of Object.values(value)) weight += weightOf(item);
  return weight;
}

async function countRows(connection: DuckDBConnection, request: RowsRequest): Promise<number> {
  const inner = request.sql.replace(/[\s;]+$/, '');
  const counted = await streamStatement(connection, { ...request, sql: `select count(*) from (${inner}\n)` });
  const chunk = await nextChunk(counted);
  return Number(chunk?.getColumnVector(0).getItem(0) ?? 0);
}

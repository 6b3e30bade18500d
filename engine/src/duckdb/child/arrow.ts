import type { DuckDBConnection } from '@duckdb/node-api';
import { createArrowFile } from '../../arrow/arrow-file.ts';
import type { ArrowSummary, Operations } from '../wire.ts';
import { columnsOf, nextChunk } from './page.ts';
import { streamStatement } from './statement.ts';

/** Writes the result to the file chunk by chunk; `check` may stop it between two. */
export async function writeArrow(
  connection: DuckDBConnection,
  request: Operations['arrow']['request'],
  check: () => void,
): Promise<ArrowSummary> {
  const result = await streamStatement(connection, request);
  const columns = columnsOf(result);
  const file = await createArrowFile(request.file, columns, result.columnTypes());
  const limit = request.limit ?? Number.POSITIVE_INFINITY;
  let rowCount = 0;
  let truncated = false;
  try {
    for (let chunk = await nextChunk(result); chunk && !truncated;) {
      check();
      const count = Math.min(chunk.rowCount, limit - rowCount);
      truncated = count < chunk.rowCount;
      await file.append(chunk, count);
      rowCount += count;
      if (!truncated) chunk = await nextChunk(result);
    }
    return { columns, rowCount, sizeBytes: await file.finish(), truncated };
  } finally {
    await file.close();
  }
}

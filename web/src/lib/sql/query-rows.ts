/**
 * Rows the server answers to one query, with exact types, in the grid's hands: sorting, filtering and profiles ask the
 * browser's engine about the rows that came, never the server again.
 */
import { type CellId, dataHeaders, type QueryParams } from '@datacraft/shared';
import { request } from '#lib/api/client.ts';
import { type Extent, FULL } from '#lib/preview/extent.ts';
import { createPreview } from '#lib/preview/preview.svelte.ts';

const ARROW = 'application/vnd.apache.arrow.stream';
const id = 'rows' as CellId;

export interface QueryFacts {
  readonly rows: number;
  readonly totalRows: number;
  /** The rows as they came: an Arrow IPC stream. */
  readonly bytes: Uint8Array;
  readonly extent: Extent;
}

export class QueryRows {
  readonly #preview = createPreview({
    fetchSample: () => Promise.reject(new Error('a query reads nothing but the server’s answer')),
    fetchHeld: () => Promise.reject(new Error('a query reads nothing but the server’s answer')),
    runOnServer: () => Promise.reject(new Error('a query reads nothing but the server’s answer')),
  });
  readonly view = this.#preview.of(id);

  /** Throws `ApiError`; an aborted call throws the abort. The last answer stays until the next is whole. */
  async ask(
    sql: string,
    limit: number,
    signal: AbortSignal,
    { asOf, params = {}, branch }: { asOf?: string; params?: QueryParams; branch?: string } = {},
  ): Promise<QueryFacts> {
    const response = await request('POST', '/query', {
      headers: { 'content-type': 'application/json', accept: ARROW },
      body: JSON.stringify({ sql, limit, params, asOf, branch }),
      signal,
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const totalRows = Number(response.headers.get(dataHeaders.totalRows) ?? 0);
    const isCut = response.headers.get(dataHeaders.extent) === 'sample';
    const extent: Extent = isCut ? { kind: 'sample', rows: limit, total: totalRows, of: sql } : FULL;
    this.#preview.show(id, {
      bytes,
      totalRows,
      extent,
      durationMs: Number(response.headers.get(dataHeaders.durationMs) ?? 0),
    });
    return { rows: Math.min(limit, totalRows), totalRows, bytes, extent };
  }

  destroy(): void {
    this.#preview.dispose();
  }
}

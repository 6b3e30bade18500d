import {
  type CellId,
  dataHeaders,
  type NotebookId,
  type PreviewRequest,
  type Problem,
  say,
  worded,
} from '@datacraft/shared';

import { DoorError, type PreviewDoor, type RelationKey } from './door.ts';
import { type Extent, FULL } from './extent.ts';

const ARROW = 'application/vnd.apache.arrow.stream';
const SAMPLE_LIMIT = 1_000_000;
/** What the server sends of a cell that is larger than that, or of a source no run has counted yet. */
const CELL_SAMPLE = 120_000;

/** The server's HTTP API as the preview's door. */
export function httpDoor(notebookId: NotebookId, fetcher: typeof fetch = fetch): PreviewDoor {
  const base = `/api/v1/notebooks/${encodeURIComponent(notebookId)}`;
  return {
    async fetchSample(key, signal) {
      const response = await sampleRequest(fetcher, base, key, signal);
      const bytes = await bytesOf(response);
      return {
        bytes,
        extent: extentOf(response, key.name, key.kind === 'cell' ? CELL_SAMPLE : SAMPLE_LIMIT),
        version: versionOf(response),
      };
    },
    async fetchHeld(cellId, signal) {
      const url = `${base}/pins/${encodeURIComponent(cellId)}/rows`;
      return bytesOf(await fetcher(url, { headers: { accept: ARROW }, signal }));
    },
    async runOnServer({ cellId, source, params, limit }, signal) {
      // What is made beside a cell, such as the rows of its steps, is no cell there.
      const [cell = cellId] = cellId.split(':') as CellId[];
      const body: PreviewRequest = { cellId: cell, source, params, limit };
      const response = await fetcher(`${base}/preview`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: ARROW },
        body: JSON.stringify(body),
        signal,
      });
      const bytes = await bytesOf(response);
      return {
        bytes,
        totalRows: numberHeader(response, dataHeaders.totalRows),
        // Computed from all rows; how many of its own came along is said by `totalRows`.
        extent: FULL,
        durationMs: numberHeader(response, dataHeaders.durationMs) ?? 0,
      };
    },
  };
}

function sampleRequest(fetcher: typeof fetch, base: string, key: RelationKey, signal: AbortSignal) {
  if (key.kind === 'cell') {
    const url = `${base}/cells/${encodeURIComponent(key.cellId)}/data?limit=${SAMPLE_LIMIT}`;
    return fetcher(url, { headers: { accept: ARROW }, signal });
  }
  return fetcher('/api/v1/query', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: ARROW },
    body: JSON.stringify({ sql: `from ${key.layer}.${key.name}`, limit: SAMPLE_LIMIT }),
    signal,
  });
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const place = { ...problem?.facts, ...problem?.diagnostics?.[0] };
  const { message, said } =
    problem?.detail === undefined
      ? worded(say('the server answered {status}: try again', { status: response.status }))
      : { message: problem.detail, said: problem.said };
  const known = {
    ...(place.line === undefined ? {} : { line: place.line }),
    ...(place.column === undefined ? {} : { column: place.column }),
  };
  throw new DoorError(problem?.code ?? 'internal', message, known, said);
}

function extentOf(response: Response, name: string, most: number): Extent {
  if (response.headers.get(dataHeaders.extent) !== 'sample') return FULL;
  const total = numberHeader(response, dataHeaders.totalRows);
  return { kind: 'sample', rows: Math.min(most, total ?? most), total, of: name };
}

function versionOf(response: Response): string {
  return response.headers.get(dataHeaders.snapshotId) ?? response.headers.get('etag') ?? '';
}

function numberHeader(response: Response, name: string): number | null {
  const text = response.headers.get(name);
  return text === null || text === '' || !Number.isFinite(Number(text)) ? null : Number(text);
}

import type { CellId, Params, Said } from '@datacraft/shared';

import type { Extent } from './extent.ts';

/** A relation that the server holds and the browser wants a copy of. */
export type RelationKey =
  | { readonly kind: 'cell'; readonly cellId: CellId; readonly name: string }
  | { readonly kind: 'table'; readonly layer: string; readonly name: string };

export interface Sample {
  /** Arrow IPC stream. */
  readonly bytes: Uint8Array;
  readonly extent: Extent;
  /** Changes when the data does. */
  readonly version: string;
}

export interface ServerResult {
  readonly bytes: Uint8Array;
  readonly totalRows: number | null;
  readonly extent: Extent;
  readonly durationMs: number;
}

export interface ServerRequest {
  readonly cellId: CellId;
  readonly source: string;
  readonly params: Params;
  readonly limit: number;
}

/** What the preview asks of the world. All throw `DoorError` for answers that people should read. */
export interface PreviewDoor {
  fetchSample(key: RelationKey, signal: AbortSignal): Promise<Sample>;
  /** Rows that the person holds of a cell, as an Arrow IPC stream. */
  fetchHeld(cellId: CellId, signal: AbortSignal): Promise<Uint8Array>;
  runOnServer(request: ServerRequest, signal: AbortSignal): Promise<ServerResult>;
}

/** The server said no, with a sentence for people and perhaps a place in the text. */
export class DoorError extends Error {
  readonly code: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly said: Said | undefined;

  constructor(code: string, message: string, place: { line?: number; column?: number } = {}, said?: Said) {
    super(message);
    this.name = 'DoorError';
    this.code = code;
    this.line = place.line ?? null;
    this.column = place.column ?? null;
    this.said = said;
  }
}

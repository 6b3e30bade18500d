import type { Column, Said } from '@datacraft/shared';
import type { Table } from 'apache-arrow';

import type { Extent } from './extent.ts';

/** Where a result was computed. */
export type Where = 'browser' | 'server';

/** Rows of a relation that are at hand, and what is known of the rest. */
export interface PreviewResult {
  /** Grows while `complete` is false; each growth is a new object. */
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** False while rows are still arriving. */
  readonly complete: boolean;
  /** Rows of the whole result when more exist than are held. */
  readonly truncatedAt: number | null;
  readonly extent: Extent;
  /** Until the first rows were there. */
  readonly durationMs: number;
  readonly engine: Where;
  /** Epoch ms. */
  readonly at: number;
  /** The result as a relation the browser engine can be asked about: sort, filter, profile, chart. */
  readonly relation: ResultRelation;
}

/** Rows to be kept outside of the engine and given back to it. */
export interface HeldRows extends Pick<PreviewResult, 'columns' | 'rowCount' | 'extent'> {
  /** Arrow IPC stream. */
  readonly bytes: Uint8Array;
}

/** Asks about a result without altering its query. */
export interface ResultRelation {
  /** `make` gets what to put after FROM. At most `limit` rows come back. */
  ask(make: (from: string) => string, options?: { signal?: AbortSignal; limit?: number }): Promise<Table>;
}

export interface PreviewError {
  readonly message: string;
  /** How the message was said, for readers of another language; undefined: it is not ours. */
  readonly said?: Said | undefined;
  /** 1-based in the cell's text; null when the engine named no place. */
  readonly line: number | null;
  readonly column: number | null;
  readonly offset: number | null;
  /** The cell upstream whose text is at fault, if it is not this one. */
  readonly because: string | null;
}

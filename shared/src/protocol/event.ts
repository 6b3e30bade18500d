import type { Diagnostic } from '../diagnostic.ts';
import type { CellId } from '../id.ts';
import type { Column } from '../relation/relation.ts';
import type { RunReport, TaskReport } from '../run/state.ts';
import type { Role } from './api.ts';
import type { StreamingFigures } from './stream.ts';

/** Freshness and activity are two axes, never one enum. */
export type Freshness = 'fresh' | 'stale' | 'unknown';

/** What the server knows of one cell after compiling the live document. */
export interface CellStatus {
  id: CellId;
  name: string;
  kind: string;
  /** `layer.name`, or null for cells that publish nothing. */
  relation: string | null;
  /** Names of the cells it reads, inputs included. */
  dependsOn: string[];
  /** Published tables of other notebooks it reads. */
  reads: string[];
  fingerprint: string | null;
  freshness: Freshness;
  /** When the published result was made, its rows and the run that made it. */
  published: {
    at: string;
    rows: number;
    rejected: number;
    runId: string | null;
    snapshotId: string;
    columns: Column[];
    /** Of a cell that is made of a stream, commit by commit. */
    streaming?: StreamingFigures;
  } | null;
  /** Upstream cells that changed since the published result. */
  staleBecause: string[];
}

/** How far something is; null or absent where that is not known. */
export interface Progress {
  rows: number | null;
  total: number | null;
  percent: number | null;
  /** `total` is what the other side thinks it has. */
  isEstimate?: boolean;
  bytes?: number;
  totalBytes?: number;
}

export type NotebookEvent =
  | { type: 'graph'; revision: number; cells: CellStatus[]; diagnostics: Diagnostic[] }
  | { type: 'run'; run: RunReport }
  | {
      type: 'task';
      runId: string;
      task: TaskReport;
      progress?: Progress;
    }
  /** A source is read for a run whose tasks are not decided yet: what it holds decides them. */
  | { type: 'reading'; runId: string; cell: string; progress: Progress }
  /** A thread or a comment of the notebook is new or another; they are asked for again, as each person may see them. */
  | { type: 'comments' }
  /** The list of versions is longer. */
  | { type: 'versions' }
  /** A stream wrote these tables, `layer.name`. */
  | { type: 'tables'; tables: string[] }
  /** A stream of the notebook does something else now: it is asked for again. */
  | { type: 'streams' }
  /** The rights of whoever listens may be others now; the stream of who has none left ends. */
  | { type: 'access'; role: Role }
  | { type: 'ping' };

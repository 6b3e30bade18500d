/** HTTP bodies of the room Streams. Paths are under `/api/v1`. */
import type { TaskError } from '../run/state.ts';

/** What a runner tells of itself with each commit and while it waits. */
export interface StreamProgress {
  /** Why nothing comes although it is live: the broker is away, a commit is tried again. */
  waiting?: string;
  /** Messages that are there and not yet in the table; null where the source cannot say. */
  lag?: number | null;
  partitions?: { partition: number; next: string; end: string | null }[];
  /** Cells below it that could not be made of the last rows, with why. */
  failedCells?: Record<string, string>;
  /** `layer.name` of the tables that the last commit wrote. */
  tables?: string[];
  /** Up to when the times of rows are complete. */
  watermark?: string | null;
}

/** GET /streams (array), GET /notebooks/{id}/streams (array) */
export interface StreamSummary {
  id: string;
  notebookId: string;
  notebook: string;
  cell: string;
  /** `layer.name` */
  relation: string;
  sourceType: string;
  state: 'live' | 'paused' | 'failed';
  /** A runner holds it now. */
  running: boolean;
  error: TaskError | null;
  commitMs: number;
  progress: StreamProgress;
  rows: number;
  rejected: number;
  commits: number;
  /** Rows a second over the last ten seconds. */
  rate: number;
  lastCommitAt: string | null;
  startedAt: string;
}

/** GET /streams/{id} */
export interface StreamDetail extends StreamSummary {
  /** The last quarter of an hour, five seconds each. */
  history: { at: string; rows: number; rejected: number; lag: number | null; tookMs: number }[];
}

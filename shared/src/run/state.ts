import type { FaultCode } from '../fault.ts';
import type { Said } from '../said/said.ts';

export type RunState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
export type TaskState = RunState | 'skipped';

/** Why a task did nothing or could not start: `fresh` (nothing new), `blocked by X`, `not selected`. */
export interface TaskError {
  code: FaultCode;
  message: string;
  /** How the message was said, for readers of another language. */
  said?: Said;
  /** Whose text `line` and `column` are in, when it is not the task's own cell but one that is inlined into it. */
  cell?: string;
  /** 1-based. In the CLI's JSON it counts in the file; in the API and the document within the cell. */
  line?: number;
  column?: number;
}

/** One task as the API, the CLI's `--json` and the event stream show it. */
export interface TaskReport {
  cell: string;
  relation: string | null;
  state: TaskState;
  reason?: string;
  rowsWritten: number | null;
  /** Iceberg snapshot ids exceed 2^53 in general; ours stay below and travel as strings. */
  snapshotId: string | null;
  /** When work on it began; absent while it waits and when it never began. */
  startedAt?: string;
  durationMs: number | null;
  /** Of the files this task wrote; absent of views and where nothing was written. */
  bytesWritten?: number;
  /** Rows set aside by a source's rejects or an expectation. */
  rowsRejected?: number;
  checks?: CheckReport[];
  error?: TaskError;
}

/** One line of a run's log, in the order of `id`. */
export interface LogLine {
  id: string;
  at: string;
  level: 'info' | 'warn' | 'error';
  /** Null for what is about the whole run. */
  cell: string | null;
  message: string;
}

export interface CheckReport {
  rule: string;
  status: 'passed' | 'failed' | 'warned' | 'not-evaluated';
  violations: number | null;
  outcome?: 'fail' | 'drop' | 'quarantine' | 'warn';
  /** What was measured; absent of rules that count rows. */
  value?: number;
  /** Of how many rows. */
  total?: number;
  /** Why it was not evaluated, or how far off it is. */
  reason?: string;
  /** How the reason was said. */
  said?: Said;
}

/** What started a run. `update`: a table that it reads was published; `sensor`: something outside was seen; `drift`: one of its models drifts. */
export const runTriggers = [
  'cli',
  'manual',
  'api',
  'schedule',
  'webhook',
  'update',
  'sensor',
  'drift',
  'backfill',
] as const;
export type RunTrigger = (typeof runTriggers)[number];

export interface RunReport {
  runId: string;
  notebookId: string | null;
  state: RunState;
  trigger: RunTrigger;
  /** The named environment it ran in; absent in production and in branches. */
  environment?: string;
  /** The published version it is pinned to; absent for runs of the notebook as it was being edited. */
  version?: number;
  /** The due time it stands for, and the half-open interval that ends with it. */
  logicalAt?: string;
  interval?: { start: string; end: string };
  /** The run that it repeats. */
  rerunOf?: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  error?: TaskError;
  tasks: TaskReport[];
}

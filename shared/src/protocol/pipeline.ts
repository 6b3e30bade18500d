/** HTTP bodies of the room Pipelines: schedules, triggers, backfills. Paths are under `/api/v1`. */
import type { ScheduleSpec } from '../document/spec/meta.ts';
import type { RunState, TaskError } from '../run/state.ts';
import type { Said } from '../said/said.ts';

/** GET /schedules (array): one a notebook that has a schedule, published or not yet. */
export interface ScheduleSummary {
  notebookId: string;
  title: string;
  spec: ScheduleSpec;
  /** The version that runs. */
  version: number;
  enabled: boolean;
  /** Why it paused itself. */
  pausedBecause: string | null;
  /** The same, for readers of another language. */
  pausedSaid: Said | null;
  nextAt: string | null;
  lastRun: {
    runId: string;
    state: RunState;
    createdAt: string;
    startedAt: string | null;
    finishedAt: string | null;
  } | null;
}

/** GET /notebooks/{id}/schedule */
export interface ScheduleState {
  /** As it is being edited; null when the notebook says nothing. */
  draft: ScheduleSpec | null;
  published: ScheduleSummary | null;
  /** The version that triggers start; null when none is published. */
  version: number | null;
  triggers: TriggerSummary[];
  /** The last due times and what came of each, newest first. */
  slots: { dueAt: string; decision: 'run' | 'skipped' | 'missed' | 'coalesced'; runId: string | null }[];
}

/** POST /schedules/preview { schedule }: what it would mean. */
export interface SchedulePreview {
  /** The next five due times. */
  next: string[];
  /** Due times of the next year that clocks skip or double, with the instants at which they are due. */
  clocks: { kind: 'skipped' | 'doubled'; local: string; dueAt: readonly string[] }[];
}

/** One try of one task of a run. */
export interface AttemptReport {
  cell: string;
  attempt: number;
  startedAt: string;
  finishedAt: string | null;
  error?: TaskError;
}

/** GET /runs/{id}/details: beside the report, and as unchanging as the run. */
export interface RunDetails {
  attempts: AttemptReport[];
  cells: { cell: string; dependsOn: string[]; reads: string[] }[];
  exports: ExportReport[];
}

/** What became of sending a published table elsewhere. */
export interface ExportReport {
  cell: string;
  target: string;
  state: 'pending' | 'delivered' | 'failed';
  snapshotId: string | null;
  rows: number | null;
  error: string | null;
  attempts: number;
  at: string;
}

export type TriggerKind = 'webhook' | 'update' | 'file' | 'sql' | 'http' | 'freshness' | 'drift';

/** What a trigger looks at; `every` and `timeout` are lengths of time such as `30 seconds`. */
export interface TriggerConfig {
  /** update: `layer.name` of the tables, and whether one or all of them must have been published anew. */
  tables?: string[];
  mode?: 'any' | 'all';
  /** file: what a source cell's `path` takes, with `*`. */
  path?: string;
  /** sql: a query; it fires when its first column of its first row is true, or a value that was not there before. */
  sql?: string;
  /** http: fires when the answer is 2xx and differs from the one before. */
  url?: string;
  /** freshness: fires when `table` is older than this. */
  table?: string;
  max_age?: string;
  /** drift: a model of the notebook; fires when the PSI of a feature or of the scores is above `psi` (0.25), from `rows` (200) predictions on. */
  model?: string;
  psi?: number;
  rows?: number;
  /** drift: while it goes on, it fires again after so long; default a day. */
  again?: string;
  every?: string;
  /** A sensor that found nothing for so long says so and stops. */
  timeout?: string;
}

export interface TriggerSummary {
  id: string;
  kind: TriggerKind;
  config: TriggerConfig;
  enabled: boolean;
  problem: string | null;
  /** The same, for readers of another language. */
  problemSaid: Said | null;
  lastFiredAt: string | null;
}

export const backfillOrders = ['oldest_first', 'newest_first'] as const;
export type BackfillOrder = (typeof backfillOrders)[number];

/** POST /notebooks/{id}/backfills; `dryRun` answers the plan and makes nothing. */
export interface BackfillRequest {
  /** ISO dates or instants; half-open. */
  from: string;
  to: string;
  /** The length of a window: `1 day`; default is the interval of cells that record theirs, else what the schedule says, else one day. */
  every?: string;
  /** Cells as a run selects them: `name`, `name+`. */
  select?: string[];
  reprocess?: 'missing' | 'failed' | 'all';
  /** In which order the windows are made; default `oldest_first`. */
  order?: BackfillOrder;
  version?: number;
  maxParallel?: number;
  dryRun?: boolean;
}

/**
 * GET /tables/{layer}/{name}/intervals: what a table has of the intervals of its cell, the complete ones and with
 * `allow_partials` the one that is under way. Ranges are half-open; each interval is in one of the three.
 */
export interface TableLedger {
  cell: string;
  /** `layer.name` */
  table: string;
  unit: string;
  coveredCount: number;
  /** Made before their end: owed as what is missing is, until a run makes them complete. */
  partialCount: number;
  missingCount: number;
  /** Neighbours are one range; ascending. */
  covered: { start: string; end: string }[];
  partial: { start: string; end: string }[];
  missing: { start: string; end: string }[];
}

export interface BackfillPlan {
  /** In the order they are made. */
  windows: { start: string; end: string; why: 'missing' | 'failed' | 'again' }[];
  /** What the tables of cells that record their intervals have of the range, and lack. */
  tables: TableLedger[];
  /** Left out because a run has done them, or no table lacks them. */
  done: number;
  /** From how long such runs took; null when there is none to go by. */
  estimatedMs: number | null;
  order: BackfillOrder;
}

/** GET /backfills (array) */
export interface BackfillSummary {
  id: string;
  notebookId: string;
  title: string;
  version: number;
  state: 'running' | 'paused' | 'done' | 'cancelled';
  request: BackfillRequest;
  counts: Record<'waiting' | 'queued' | 'succeeded' | 'failed' | 'cancelled', number>;
  createdAt: string;
  createdBy: string | null;
  finishedAt: string | null;
}

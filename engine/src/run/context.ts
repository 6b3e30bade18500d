import type { NotebookEvent, Params, RelationRef, DimensionFacts } from '@datacraft/shared';
import type { DuckPool } from '../duckdb/session.ts';
import type { Lake } from '../lake/lake.ts';
import type { FeatureFacts } from '../materialize/feature-table.ts';
import type { Interval } from '../materialize/interval.ts';
import type { RemoteAccess, SourceContext } from '../source/source.ts';
import type { Database } from '../store/database.ts';
import type { RowCounts } from './bad-ratio.ts';
import type { SpanSink } from './trace.ts';

/** How much one task may take. */
export interface Limits {
  readonly memoryLimitMb: number;
  readonly threads: number;
  readonly taskTimeoutMs: number;
  /** Tasks of one run at the same time. */
  readonly concurrency: number;
}

/** What an execution needs of the world. The CLI, the worker and the tests each bring theirs. */
export interface RunDeps {
  readonly db: Database;
  readonly duck: DuckPool;
  readonly lake: Lake;
  /** Private directories of tasks are made and removed below it. On the lake's file system. */
  readonly tempDir: string;
  readonly limits: Limits;
  /** Hears of the lineage of each cell that runs. */
  readonly openLineage?: LineageSink;
  /** Hears what a run did and how long it took. */
  readonly spans?: SpanSink;
  /** For sources outside this machine. */
  readonly remote?: RemoteAccess;
  /** A branch or an environment: what is published stays in it, nothing is sent anywhere. */
  readonly keepsToItself?: boolean;
  /** Its id, of whose names `db` is. */
  readonly space?: string;
  now(): Date;
  emit(event: RunEvent): void;
}

/** Takes OpenLineage events; it never throws and never holds a run up. */
export interface LineageSink {
  /** Who tells, as OpenLineage's `producer`. */
  readonly producer: string;
  send(event: object): void;
  /** Resolves when everything that was sent is delivered or given up. */
  flush(): Promise<void>;
}

export type RunEvent = Extract<NotebookEvent, { type: 'run' | 'task' | 'reading' }>;

export type ResolveFiles = SourceContext['resolve'];

/** A relation that SQL of a task may read: its SELECT in a session that may read `files`. */
export interface Readable {
  readonly ref: RelationRef;
  readonly scan: string;
  readonly files: readonly string[];
  /** How many rows it has, where that is known. */
  readonly rows?: number;
  /** Statements that define what `scan` names, in order; each may be run again. */
  readonly setup?: readonly { readonly sql: string }[];
  /** Of a published dimension: how facts find its rows. */
  readonly dimension?: DimensionFacts;
  /** Of a published feature table. */
  readonly feature?: FeatureFacts;
}

export interface RunOptions {
  readonly params: Params;
  readonly select?: readonly string[];
  readonly fullRefresh: boolean;
  /** Of a stream: it reads on although how its cell reads was changed, and by how much it was wrong before this write. */
  readonly goesOn?: { readonly before: RowCounts };
  /** Do exactly this plan; `conflict` when the world has moved since it was made. */
  readonly planId?: string;
  /** A backfill of this range: cells that record intervals make those it touches again, and no others. */
  readonly interval?: Interval;
  /** Incremental cells that make no new rows: those that their rules set aside are judged again. */
  readonly replay?: readonly string[];
  /** Of those rows, with `_rule` and `_run_id`, the ones that this SQL condition names. */
  readonly replayWhere?: string;
  /** Makes nothing: sends what these cells have published to these targets. */
  readonly resend?: readonly { readonly cell: string; readonly target: string }[];
  /** Tries again of a task that failed for a reason that passes, where its cell does not say; default 2. */
  readonly retries?: number;
  /** Of the whole run; the time-out of one task is in the limits. */
  readonly timeoutMs?: number;
}

/**
 * HTTP bodies beyond what their names say. Paths are under `/api/v1`; errors are `application/problem+json`
 * (`Problem`). Auth: session cookie or `Authorization: Bearer <token>`.
 */
import type { Diagnostic } from '../diagnostic.ts';
import type { Params } from '../document/spec/input.ts';
import type { FaultCode, FaultFacts } from '../fault.ts';
import type { CellId, NotebookId } from '../id.ts';
import type { JsonObject } from '../json.ts';
import type { Column, ResultPage } from '../relation/relation.ts';
import type { RunReport, RunState } from '../run/state.ts';
import type { Said, Words } from '../said/said.ts';

export type Role = 'viewer' | 'commenter' | 'runner' | 'editor' | 'owner';
export const roles: readonly Role[] = ['viewer', 'commenter', 'runner', 'editor', 'owner'];

/** RFC 9457. `code` is stable; `detail` is for people; `diagnostics` come with `notebook-invalid`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: FaultCode;
  detail: string;
  /** How `detail` was said, for readers of another language: `{ key, values }`. */
  said?: Said;
  facts?: FaultFacts;
  diagnostics?: Diagnostic[];
}

/** GET /setup, without an account: decides between sign-up of the owner and login. */
export interface SetupState {
  needsOwner: boolean;
}

/** GET /me */
export interface Me {
  user: { id: string; email: string; name: string; role: Role; locale: 'en' | 'pt-BR' };
}

/** GET /notebooks (array), GET /notebooks/{id} */
export interface NotebookSummary {
  id: NotebookId;
  title: string;
  autoRun: boolean;
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
  cellCount: number;
  /** Tables it publishes. */
  tableCount: number;
  lastRun: { runId: string; state: RunState; finishedAt: string | null; trigger: string } | null;
  /** `dataAt`: of the oldest table the notebook has published. */
  publication: { url: string; version: number; publishedAt: string; dataAt?: string | null; views?: number } | null;
}

/** GET /notebooks/{id}: `myRole` is what whoever asks may do in this one. */
export interface OpenedNotebook extends NotebookSummary {
  myRole: Role;
}

/** POST /notebooks/{id}/runs. `select` as in the contract: `name`, `+name`, `name+`, `+name+`. */
export interface RunRequest {
  params?: Params;
  /** The named environment to run in; default: production, or the branch. */
  env?: string;
  select?: string[];
  fullRefresh?: boolean;
  /** Of `POST …/plan`: do exactly this, or end with a conflict. */
  planId?: string;
  /** Of scheduled runs: tries again of a task, and the time-out of the whole run. */
  retries?: number;
  timeoutMs?: number;
  /** Incremental cells whose set-aside rows are judged again, in place of making new ones. */
  replay?: readonly string[];
  /** Only of the rows that this SQL condition over the set-aside rows names. */
  replayWhere?: string;
  /** Makes nothing: sends what these cells have published to these targets. */
  resend?: readonly { readonly cell: string; readonly target: string }[];
}

/** POST /notebooks/{id}/preview answers an Arrow IPC stream with these headers, or a Problem with line and column. */
export interface PreviewRequest {
  cellId: CellId;
  /** The text as typed, when it is ahead of what the server has; only for sql cells. */
  source?: string;
  /** Run only this part of the text (run-selection). */
  selection?: string;
  params?: Params;
  /** Default 10 000, at most 1 000 000. */
  limit?: number;
}
export const dataHeaders = {
  /** Rows of the whole relation. */
  totalRows: 'x-datacraft-total-rows',
  /** `full` or `sample`. */
  extent: 'x-datacraft-extent',
  snapshotId: 'x-datacraft-snapshot-id',
  durationMs: 'x-datacraft-duration-ms',
} as const;

/** POST /files (multipart, field `file`; optional field `notebookId`) */
export interface UploadedFile {
  /** What a source cell's `path` takes: `upload://<id>/<name>`. */
  path: string;
  name: string;
  sizeBytes: number;
  sha256: string;
  /** Guessed from the name and the first bytes. */
  sourceType: 'csv' | 'json' | 'parquet' | 'avro';
}

/** POST /notebooks/{id}/sniff { config } */
export interface SniffAnswer {
  options: Record<string, string | number | boolean>;
  columns: Column[];
  preview: ResultPage;
  warnings: string[];
  /** The same, to be said in the language of who looks. */
  warningsSaid: Words[];
}

/** POST /query: rows as objects, as the contract says. */
export interface QueryAnswer {
  columns: Column[];
  rows: Record<string, unknown>[];
  rowCount: number;
  totalRows: number | null;
  truncated: boolean;
}

/** GET /tables (array) */
export interface TableSummary {
  layer: string;
  name: string;
  kind: 'table' | 'view';
  rows: number;
  rejected: number;
  sizeBytes: number | null;
  columns: Column[];
  notebookId: string | null;
  notebookTitle: string;
  cell: string;
  snapshotId: string | null;
  publishedAt: string;
  /** Since when no cell makes it any more: it is as it was, and its name is free. */
  retiredAt: string | null;
}

/** GET /tables/{layer}/{name}/snapshots (array, newest first) */
export interface SnapshotSummary {
  snapshotId: string;
  committedAt: string;
  operation: string;
  rows: number;
  addedRows: number;
  deletedRows: number;
  runId: string | null;
  /** What started that run. */
  trigger: string | null;
  /** Who started the run, or took the table back. */
  by: string | null;
  isCurrent: boolean;
  tags: string[];
  /** The snapshot whose rows this one brought back. */
  revertedTo: string | null;
}

/** GET /runs/{id} is a RunReport; GET /notebooks/{id}/runs and GET /runs are arrays of these. */
export type RunSummary = Pick<
  RunReport,
  'runId' | 'notebookId' | 'state' | 'trigger' | 'createdAt' | 'startedAt' | 'finishedAt' | 'logicalAt' | 'version'
> & {
  notebookTitle: string;
  /** Of a run in a branch, which writes to tables of its own: what the branch is called. */
  branch: string | null;
  /** The named environment it ran in. */
  environment: string | null;
  createdBy: string | null;
  taskCounts: { succeeded: number; failed: number; skipped: number; cancelled: number };
  rowsWritten: number;
};

/** GET /users (array), GET /invitations (array), GET /tokens (array) */
export interface UserSummary {
  id: string;
  email: string;
  name: string;
  role: Role;
  createdAt: string;
  disabledAt: string | null;
}
export interface InvitationSummary {
  id: string;
  email: string;
  role: Role;
  createdAt: string;
  expiresAt: string;
}
/** What a token may ask at most; null: as much as its person may. */
export interface TokenLimits {
  readonly requestsPerSecond: number | null;
  /** Rows that models score, by day in UTC. */
  readonly predictionsPerDay: number | null;
}
export interface TokenSummary extends TokenLimits {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
  predictionsToday: number;
}

/** A chart's query, shared by preview, server tiles and export: the SQL over `from` and what its columns mean. */
export interface ChartQuery {
  sql: string;
  /** Result column by role: `x`, `y0`, `y1`, …, `color`, `size`, `value`, `compare`. */
  roles: Record<string, string>;
  config: JsonObject;
}

/** Who may do what in one notebook beside their role in the workspace. */
export interface Grant {
  readonly userId: string | null;
  readonly groupId: string | null;
  /** Of the person or group. */
  readonly name: string;
  readonly role: Role;
}

export interface NotebookLink {
  readonly id: string;
  readonly createdAt: string;
  readonly createdBy: string | null;
}

export interface NotebookSharing {
  /** `invited`: the role in the workspace counts for nothing here, save that of its owners. */
  readonly access: 'workspace' | 'invited';
  readonly grants: Grant[];
  readonly links: NotebookLink[];
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly userIds: string[];
}

/** GET /tables/{layer}/{name}/checks (array): an expectation and what it said, newest first. */
export interface RuleHistory {
  rule: string;
  outcome: 'fail' | 'drop' | 'quarantine' | 'warn';
  results: {
    runId: string;
    at: string;
    status: 'passed' | 'failed' | 'warned' | 'not-evaluated';
    violations: number | null;
    /** Written by that run; null when it published nothing. */
    rows: number | null;
    value?: number;
    total?: number;
    reason?: string;
  }[];
}

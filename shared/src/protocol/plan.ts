/** Why a cell runs: it is new, its SQL or its settings changed, what it reads changed, or it was asked for. */
export type PlannedWhy = 'first' | 'text' | 'config' | 'upstream' | 'source' | 'asked';

/** What an edit does to the columns of a table. */
export interface ColumnChange {
  added: string[];
  removed: string[];
  retyped: string[];
}

/** What is known of an amount of data; null when nothing is. */
export interface PlannedAmount {
  rows: number | null;
  bytes: number | null;
}

/** How a merge treats keys: it adds new ones alone, it deletes those that its result does not have, or both. */
export interface PlannedMerge {
  readonly insertOnly: boolean;
  /** All rows of the table where the result is empty. */
  readonly deletesUnmatched: boolean;
}

/** One table that a run would make, leave or give up. */
export interface PlannedCell {
  cell: string;
  /** `layer.name` */
  relation: string;
  /** `remove`: no cell makes it any more; it stays readable as it is, and its name is free. */
  action: 'run' | 'skip' | 'remove';
  change: 'added' | 'changed' | 'removed' | 'unchanged';
  reason: string;
  /** Null for what does not run. */
  why: PlannedWhy | null;
  /** Cells that run before it, because it reads them. */
  after: string[];
  /** Null while they cannot be told from the text. */
  columns: ColumnChange | null;
  /** A column that somebody reads would be gone or of another type. */
  isBreaking: boolean;
  /** Intervals that it owes, a partial one among them; null for cells that keep no record. */
  intervals: number | null;
  /** The interval that it makes though it has not ended (`allow_partials`); null when it makes none such. */
  partial: { start: string; end: string } | null;
  /** Null for what merges as usual, or does not merge. */
  merge: PlannedMerge | null;
  /** What it would read, as published now. */
  reads: PlannedAmount;
  /** The table as it is published, and how long it took to make; null when there is none. */
  last: { rows: number; bytes: number | null; durationMs: number | null } | null;
}

/** A cell that reads, at any distance, what would be made anew, and is not made by the run itself. */
export interface PlannedReader {
  /** As in the graph of lineage. */
  key: string;
  cell: string;
  kind: string;
  notebookId: string | null;
  notebookTitle: string;
  /** Its columns that are made of what would be made anew. */
  columns: string[];
  /** `layer.name.column` that it reads and that would be gone or of another type. */
  broken: string[];
}

/** POST /notebooks/{id}/plan */
export interface RunPlan {
  /** A run with it does exactly this, or ends with a conflict when something changed since. */
  planId: string;
  cells: PlannedCell[];
  /** Those that break first. */
  readers: PlannedReader[];
  /** Notebooks whose dashboards, and whose schedules, show or use what would be made anew. */
  dashboards: { notebookId: string; title: string }[];
  schedules: { notebookId: string; title: string; nextAt: string | null }[];
  /** Of all cells that run: what they would read, and how long they took the last time. */
  cost: PlannedAmount & { durationMs: number | null };
}

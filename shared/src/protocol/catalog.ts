/** The catalogue: what tables are, as their cells say it, and what is known of them. */
import type { Column, ResultPage } from '../relation/relation.ts';
import type { Said } from '../said/said.ts';

export interface ColumnDoc extends Column {
  description: string;
  tags: string[];
}

/** GET /catalog (array) */
export interface TableDoc {
  layer: string;
  name: string;
  kind: 'table' | 'view';
  /** How it is kept, of sql and transform cells: table, incremental, dimension, fact, … */
  materialize: string;
  rows: number;
  publishedAt: string;
  /** Null when the notebook is not for the reader's eyes, or is a file of the command line. */
  notebookId: string | null;
  notebookTitle: string;
  cell: string;
  cellId: string | null;
  owner: string | null;
  description: string;
  tags: string[];
  columns: ColumnDoc[];
  uniqueKey: string[];
  scd: 0 | 1 | 2 | null;
  /** Of facts: key column → dimension, a cell's name or `layer.name`. */
  dimensions: Record<string, string>;
}

export interface CheckHistory {
  rule: string;
  status: 'passed' | 'failed' | 'warned' | 'not-evaluated';
  violations: number | null;
  /** What was measured; null of rules that count rows. */
  value: number | null;
  /** Of how many rows; null where it was not counted. */
  total: number | null;
  reason: string | null;
  /** How the reason was said. */
  said: Said | null;
  at: string;
  /** Earlier ones, oldest first, this one last. */
  trend: Pick<CheckHistory, 'status' | 'violations' | 'value' | 'total' | 'at'>[];
}

/** GET /catalog/{layer}/{name} */
export interface TableDetails {
  doc: TableDoc;
  mayEdit: boolean;
  checks: CheckHistory[];
  usage: {
    /** Tables whose cells read it. */
    tables: { layer: string; name: string; notebookId: string | null; notebookTitle: string }[];
    dashboards: { notebookId: string; title: string; views: number }[];
    /** Queries by hand of the last 30 days. */
    queries: { by: string; reads: number; lastAt: string }[];
  };
}

export type PersonalKind = 'cpf' | 'cnpj' | 'email' | 'phone';

/** GET /catalog/{layer}/{name}/personal (array): columns whose sampled values look personal and that have no tag pii. */
export interface PersonalColumn {
  column: string;
  kind: PersonalKind;
  /** Of the sampled values that are there. */
  matched: number;
  sampled: number;
}

/** PATCH /catalog/{layer}/{name}: edits the cell. What is left out stays. */
export interface DocsChange {
  description?: string;
  tags?: string[];
  columns?: Record<string, { description?: string; tags?: string[] }>;
}

/** What changed between two states of a table. */
export interface TableDiff {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly same: number;
  readonly columnsAdded: readonly string[];
  readonly columnsRemoved: readonly string[];
  /** By column: in how many of the changed rows it is another value. */
  readonly changedBy: Readonly<Record<string, number>>;
  /** `change` is added, removed, before or after; then the columns that both states have. */
  readonly sample: ResultPage;
}

/** What of a table's past is kept: what either of the two keeps. Null: no such rule; both null: everything. */
export interface Retention {
  readonly days: number | null;
  readonly snapshots: number | null;
}

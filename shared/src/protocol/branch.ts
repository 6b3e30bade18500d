/** Bodies of the branch calls. */
import type { CellMerge } from '../document/merge.ts';
import type { ChartSpec } from '../document/spec/chart.ts';
import type { Notebook } from '../document/notebook.ts';
import type { RelationRef, ResultPage } from '../relation/relation.ts';
import type { TableDiff } from './catalog.ts';
import type { CommentAuthor } from './comment.ts';

export type BranchState = 'open' | 'review' | 'merged' | 'discarded';

/** GET /notebooks/{id}/branches (array, newest first, without discarded ones) */
export interface BranchSummary {
  id: string;
  name: string;
  /** What its maker says of it when asking for a review. */
  note: string;
  state: BranchState;
  /** The notebook it was forked from. */
  of: { id: string; title: string };
  by: CommentAuthor | null;
  createdAt: string;
}

/** GET /notebooks/{id}/branch: of a branch */
export interface OpenedBranch extends BranchSummary {
  /** An editor of the notebook it was forked from. */
  canAccept: boolean;
}

/** GET /notebooks/{id}/branch/review */
export interface BranchReview {
  cells: CellMerge[];
  branch: Notebook;
  main: Notebook;
}

/** GET /notebooks/{id}/branch/review/{cellId}/rows: a cell's published rows on main beside those of the branch. */
export interface BranchRows {
  relation: RelationRef | null;
  /** The columns that rows are told apart by; empty: all their values. */
  key: string[];
  /** `differs`: `diff` says how; `not-run`: one of the two has no table to compare. */
  state: 'same' | 'differs' | 'not-run';
  diff: TableDiff | null;
}

/** A chart with the rows that it draws. */
export interface BranchChart {
  spec: ChartSpec | null;
  page: ResultPage | null;
  /** Why there are no rows. */
  problem: string | null;
}

/** GET /notebooks/{id}/branch/review/{cellId}/chart: each drawn from its own side's rows; null where it is not. */
export interface BranchCharts {
  main: BranchChart | null;
  branch: BranchChart | null;
}

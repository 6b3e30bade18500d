import type { ParamValue } from '../document/spec/input.ts';

/** What a query did, operator by operator, as EXPLAIN ANALYZE told it. */
export interface QueryPlan {
  /** Of the whole query. */
  readonly ms: number;
  readonly root: PlanNode;
}

export interface PlanNode {
  readonly operator: string;
  /** Of this operator alone, over all threads. */
  readonly ms: number;
  readonly rows: number;
  /** Rows it read of what is stored; 0 for operators that read none. */
  readonly scanned: number;
  readonly details: readonly string[];
  readonly children: readonly PlanNode[];
}

export type QueryParams = Readonly<Record<string, ParamValue>>;

/** One tab of the SQL room. */
export interface SqlTab {
  readonly id: string;
  readonly name: string;
  readonly sql: string;
  readonly params: QueryParams;
}

export interface SqlTabs {
  readonly tabs: readonly SqlTab[];
  readonly active: string;
}

export interface PastQuery {
  readonly sql: string;
  readonly params: QueryParams;
  readonly ms: number;
  readonly rows: number;
  readonly failed: boolean;
  readonly at: string;
}

export interface SavedQuery {
  readonly id: string;
  readonly name: string;
  readonly sql: string;
  readonly params: QueryParams;
  readonly author: string | null;
  readonly updatedAt: string;
  /** Whether I may change and remove it. */
  readonly mine: boolean;
}

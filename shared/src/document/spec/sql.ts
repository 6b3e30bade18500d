import type { Layer } from '../../relation/relation.ts';
import type { ExportSpec } from './export-schema.ts';
import type { LimitsSpec } from './limits.ts';

export const materializations = [
  'table',
  'view',
  'ephemeral',
  'incremental',
  'dimension',
  'fact',
  'hub',
  'link',
  'satellite',
] as const;
export type Materialization = (typeof materializations)[number];
export const strategies = ['append', 'replace_interval', 'merge'] as const;
export type Strategy = (typeof strategies)[number];

type RowRuleOutcome = {
  readonly severity?: 'error' | 'warn';
  readonly on_violation?: 'fail' | 'drop' | 'quarantine' | 'warn';
  /** The share of rows that must pass, above 0 and up to 1; default all. */
  readonly mostly?: number;
};
type TableRuleOutcome = { readonly severity?: 'error' | 'warn' };
type Columns = string | readonly string[];

/** Where a number must lie: between two bounds, or near what the last runs measured. */
export interface Band {
  readonly min?: number;
  readonly max?: number;
  /** So many standard deviations around the mean of the last `history` results (default 20). */
  readonly deviations?: number;
  readonly history?: number;
}

export const statistics = ['mean', 'stddev', 'min', 'max', 'median', 'nulls', 'distinct'] as const;
export type Statistic = (typeof statistics)[number];

/** What is measured of a column. `nulls` and `distinct` are shares of the rows, 0 to 1. */
export type MeasuredColumn = { readonly column: string } & { readonly [key in Statistic]?: Band } & {
  readonly quantiles?: Readonly<Record<string, Band>>;
};

/** A rule over the rows of a relation. Row rules may set rows aside; table rules may not. */
export type Expectation =
  | ({ readonly not_null: Columns } & RowRuleOutcome)
  | ({ readonly unique: Columns } & RowRuleOutcome)
  | ({
      readonly accepted_values: { readonly column: string; readonly values: readonly (string | number | boolean)[] };
    } & RowRuleOutcome)
  | ({ readonly relationships: { readonly column: string; readonly to: string } } & RowRuleOutcome)
  | ({ readonly expression: string } & RowRuleOutcome)
  | ({ readonly row_count: { readonly min?: number; readonly max?: number } } & TableRuleOutcome)
  | ({ readonly freshness: { readonly column: string; readonly max_age: string } } & TableRuleOutcome)
  | ({ readonly distribution: MeasuredColumn } & TableRuleOutcome)
  /** A SELECT of the rows that must not be; it may read the cell itself and others. */
  | ({ readonly sql: string } & TableRuleOutcome);

export interface SqlSpec extends LimitsSpec {
  readonly layer?: Layer;
  readonly materialize?: Materialization;
  readonly strategy?: Strategy;
  readonly unique_key?: Columns;
  readonly sequence_by?: string;
  /** Of a merge: rows whose key the table has stay as they are. */
  readonly insert_only?: boolean;
  /** Of a merge: what becomes of rows whose key the cell's result does not have; default `keep`. */
  readonly unmatched?: 'keep' | 'delete';
  readonly time_column?: string;
  readonly interval?: string;
  readonly lookback?: number | string;
  readonly start?: string;
  /** The interval that is under way is made too, as far as it is, and again until it is complete. */
  readonly allow_partials?: boolean;
  readonly partition_by?: Columns;
  readonly refresh?: 'auto' | 'full' | 'incremental' | 'incremental_strict' | 'streaming';
  /** Of a streaming cell: how long after the watermark a row still corrects what was made of its time. */
  readonly lateness?: string;
  /** Of a streaming cell: rows that are corrected while they are open (default), or each once, when it is final. */
  readonly output?: 'update' | 'final';
  readonly expect?: readonly Expectation[];
  readonly contract?: {
    readonly mode?: 'evolve' | 'freeze' | 'discard_row' | 'discard_value' | 'quarantine';
    readonly columns?: Readonly<Record<string, string>>;
  };
  /** Where the table is sent after each run that published it. */
  readonly export?: readonly ExportSpec[];
  /** What is known of an entity since when: models learn it as of then and look it up by entity. */
  readonly feature_table?: { readonly entity: Columns; readonly timestamp: string; readonly ttl?: string };
  readonly engine?: 'duckdb' | 'spark' | 'trino';
  readonly description?: string;
  readonly columns?: Readonly<Record<string, { readonly description?: string; readonly tags?: readonly string[] }>>;
  readonly tags?: readonly string[];
  /** `dimension` and `fact`. */
  readonly scd?: 0 | 1 | 2;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** `link`: column or columns of a business key → its hub. `satellite`: the hub or link it speaks of. */
  readonly hubs?: Readonly<Record<string, string>>;
  readonly hub?: string;
  /** Of `hub`, `link` and `satellite`; default: what the cell reads. */
  readonly record_source?: string;
}

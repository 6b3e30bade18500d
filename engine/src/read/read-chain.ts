/**
 * Reading: what it takes to show a cell's rows, or those of any SELECT over cells and published tables, in a locked
 * session: files to allow, variables to set, views to define in order, and the SELECT.
 *
 * Q1  A cell with published rows that depends on no input is read from them; all else is inlined over its upstream.
 * Q2  Values travel as session variables, never as text of the SQL.
 * Q3  Offsets of errors in `select` map back to the text as written.
 *
 * It opens no session and reads no file.
 */
import type { Params, DimensionFacts } from '@datacraft/shared';
import { layers, quoteIdentifier } from '@datacraft/shared';
import type { Graph } from '../compile/graph.ts';
import type { Variable } from '../compile/parameter.ts';
import { inputValues, variablesOf } from '../compile/parameter.ts';
import type { CompiledSelect } from '../compile/select.ts';
import type { Interval } from '../materialize/interval.ts';
import { Chain } from './chain.ts';

/** Rows that lie in files: `scan` is a SELECT over them. */
export interface Scan {
  readonly dimension?: DimensionFacts;
  readonly scan: string;
  readonly files: readonly string[];
  /** Statements that define what `scan` names, in order; each may be run again. */
  readonly setup?: readonly { readonly sql: string }[];
}

export interface ReadOptions {
  /** Inputs by name; those left out have their defaults. */
  readonly params?: Params;
  /** ISO date that `today` in an input's default means. */
  readonly today?: string;
  /** Published (or sampled, or staged) rows by `layer.name`; null inlines the cell. */
  published(relation: string): Scan | null;
  /** Text in place of what cells hold, by cell name: what somebody is typing. Those cells are inlined. */
  readonly override?: ReadonlyMap<string, CompiledSelect>;
  /** Read stored rows also where they depend on inputs: within a run the values are the run's own. */
  readonly trustStored?: boolean;
  /** A cell whose own SELECT is wanted, not the dimension or fact that is made of it. */
  readonly asWritten?: string;
  /** Whose text a target that is a SELECT is. */
  readonly textOf?: string;
  /** What a run makes of a cell that records intervals: `$interval_start` and `$interval_end`; else all it may have. */
  intervalOf?(cell: string): Interval | null;
}

export interface ViewDefinition {
  /** As it stands in SQL: `"orders"`, `"silver"."orders"`. */
  readonly name: string;
  /** What it shows; null for what is no view. */
  readonly select: string | null;
  /** The whole statement. */
  readonly sql: string;
  /** The cell whose text it holds; null for a scan or an alias. Its errors are that cell's. */
  readonly cell: string | null;
  /** From an offset in `sql` to one in the text of `cell`. */
  toOriginal(offset: number): number | null;
}

export interface ReadChain {
  /** Absolute paths that the session must be able to read. */
  readonly files: readonly string[];
  /** To be set before the views are defined. */
  readonly variables: readonly Variable[];
  /** To be run in this order, after the variables. */
  readonly views: readonly ViewDefinition[];
  readonly select: string;
  /** Models that must be known in the session. */
  readonly models: readonly string[];
  /** `layer.name` of what is read from stored rows: their ages are the age of the answer. */
  readonly reads: readonly string[];
  /** From an offset in `select` to one in the text as written; null when `select` is no text of the user's. */
  toOriginal(offset: number): number | null;
}

/** `target` is a cell's name, or a SELECT compiled against the graph. */
export function readChain(graph: Graph, target: string | CompiledSelect, options: ReadOptions): ReadChain {
  const values = inputValues(graph, options.params ?? {}, options.today);
  const chain = new Chain(graph, options);
  const final = typeof target === 'string' ? chain.cellText(target) : chain.text(target);
  return {
    files: [...chain.files],
    variables: [...variablesOf(graph, [...chain.inputs].sort(), values), ...[...chain.intervals.values()].flat()],
    views: [...statementsOf(chain.setup), ...schemasOf(chain.views)],
    select: final.sql,
    models: [...chain.models].sort(),
    reads: [...chain.reads],
    toOriginal: final.toOriginal,
  };
}

function schemasOf(views: readonly ViewDefinition[]): ViewDefinition[] {
  const schemas = layers
    .map(quoteIdentifier)
    .filter((schema) => views.some((view) => view.name.startsWith(`${schema}.`)));
  return [...statementsOf(schemas.map((schema) => `create schema if not exists ${schema}`)), ...views];
}

function statementsOf(statements: Iterable<string>): ViewDefinition[] {
  return [...statements].map((sql) => ({ name: '', select: null, sql, cell: null, toOriginal: () => null }));
}

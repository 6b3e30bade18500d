import type { Json, SqlSpec, ModelKind } from '@datacraft/shared';
import {
  quoteIdentifier,
  quoteLiteral,
  addedColumns,
  columnList,
  dimensionFactsOf,
  isModelKind,
  keyedRows,
  modelSelect,
  requiredColumns,
  say,
} from '@datacraft/shared';
import type { SqlCell } from '../../compile/graph.ts';
import { isSelectCell } from '../../compile/graph.ts';
import { splitTarget } from '../../compile/names.ts';
import { incrementalWrite, strategyOf } from '../../materialize/incremental.ts';
import type { OwnNames } from './names.ts';
import { historyShapes } from './history.ts';
import type { ExportNote, ProjectContext } from './project.ts';
import { note } from './note.ts';

/** One file of the project: how it is kept, its SQL, and its SQL when its table is there already. */
export interface Shape {
  readonly name: string;
  readonly kind: 'model' | 'snapshot';
  readonly config: Readonly<Record<string, Json>>;
  readonly first: string;
  readonly when: 'is_incremental()' | 'is_kept()' | null;
  readonly next: string | null;
  readonly own: OwnNames;
}

export interface Shapes {
  readonly shapes: readonly Shape[];
  readonly notes: readonly ExportNote[];
}

/** Stands for the time of the run in composed SQL. */
export const RUN_STARTED = '__run_started_at__';
export const THIS = '"__this"';
export const own: OwnNames = { __this: '{{ this }}' };

/** `kept` is a SELECT: the rows that rules leave. */
export function shapesOf(cell: SqlCell, kept: string, context: ProjectContext): Shapes {
  const keep = cell.materialize ?? 'table';
  const tags = cell.spec.tags ?? [];
  const config = tags.length === 0 ? {} : { tags: [...tags] };
  if (keep === 'incremental') return incremental(cell, kept, config);
  if (keep === 'dimension' && cell.spec.scd === 2) return historyShapes(cell, kept, config, context);
  if (isModelKind(keep)) return stateful(cell, keep, kept, config, context);
  const shape = { name: cell.name, kind: 'model' as const, first: kept, when: null, next: null, own: {} };
  return { shapes: [{ ...shape, config: { materialized: keep, ...config } }], notes: [] };
}

function incremental(cell: SqlCell, kept: string, more: Readonly<Record<string, Json>>): Shapes {
  const { spec, name } = cell;
  const strategy = strategyOf(spec);
  const ledger = ledgerFilters(spec);
  const rows = (filter: string | null) => (filter === null ? kept : `select * from (\n${kept}\n) where ${filter}`);
  const notes = ledger === null ? [] : [note(name, LEDGER)];
  const config = { materialized: 'incremental', ...(spec.refresh === 'full' ? { full_refresh: true } : {}), ...more };
  const base = { name, kind: 'model' as const, when: 'is_incremental()' as const, own };
  if (strategy === 'merge' && spec.unmatched === 'delete') return mirrored(cell, kept, config);
  if (strategy === 'merge') {
    const keys = columnList(spec.unique_key);
    const first = incrementalWrite(spec, `(\n${rows(ledger?.first ?? null)}\n)`, null, []).select;
    const newest = incrementalWrite(spec, `(\n${rows(ledger?.next ?? null)}\n)`, null, []).select;
    const written = { ...config, incremental_strategy: 'delete+insert', unique_key: keys };
    const next = spec.insert_only === true ? notKnown(newest, keys) : notOlder(newest, keys, spec.sequence_by);
    return { shapes: [{ ...base, config: written, first, next }], notes };
  }
  const pieces = { first: rows(ledger?.first ?? null), next: rows(ledger?.next ?? null) };
  if (strategy === 'replace_interval' || (ledger !== null && spec.allow_partials === true)) {
    const key = bucket(spec, quoteIdentifier(spec.time_column ?? ''));
    const written = { ...config, incremental_strategy: 'delete+insert', unique_key: key };
    return { shapes: [{ ...base, config: written, ...pieces }], notes };
  }
  const said = ledger === null ? [note(name, APPEND)] : notes;
  return { shapes: [{ ...base, config: { ...config, incremental_strategy: 'append' }, ...pieces }], notes: said };
}

const APPEND =
  'appends its rows in every `dbt run`; here it does so only when something that it reads has changed. Filter what is new under is_incremental() where that matters';
const LEDGER =
  'dbt keeps no record of intervals: the model makes those after its newest row (and its lookback), so that a gap further back does not heal by itself';

function bucket(spec: SqlSpec, expression: string): string {
  return `date_trunc(${quoteLiteral(spec.interval ?? 'day')}, ${expression})`;
}

/**
 * Of a cell that records intervals: complete ones since its start, and on the next run those behind its newest row. With
 * `allow_partials` the one under way too, and the newest row's again.
 */
function ledgerFilters(spec: SqlSpec): { first: string; next: string } | null {
  if (spec.time_column === undefined || spec.start === undefined) return null;
  const time = quoteIdentifier(spec.time_column);
  const unit = spec.interval ?? 'day';
  const begin = bucket(spec, `timestamp ${quoteLiteral(spec.start.replace('T', ' ').replace('Z', ''))}`);
  const partials = spec.allow_partials === true ? 1 : 0;
  const length = (count: number) =>
    unit === 'quarter' ? `interval (${count * 3}) month` : `interval (${count}) ${unit}`;
  const started = bucket(spec, `cast(${quoteLiteral(RUN_STARTED)} as timestamp)`);
  const end = partials === 0 ? started : `(${started} + ${length(1)})`;
  const back = 1 - partials - (Number(spec.lookback) || 0);
  const after = `(select ${bucket(spec, `max(${time})`)} + ${length(back)} from ${THIS})`;
  const within = (from: string) => `${time} >= ${from} and ${time} < ${end}`;
  return { first: within(begin), next: within(`coalesce(greatest(${begin}, ${after}), ${begin})`) };
}

/** Of rows with the same key the one with the greater sequence stays; rows without a key are told apart by all values. */
function notOlder(newest: string, keys: readonly string[], sequence: string | undefined): string {
  const same = keys.map(quoteIdentifier).map((key) => `"__old".${key} = "__new".${key}`);
  const later =
    sequence === undefined
      ? []
      : [
          `not exists (select 1 from ${THIS} as "__old" where ${same.join(' and ')} and "__old".${quoteIdentifier(sequence)} > "__new".${quoteIdentifier(sequence)})`,
        ];
  const keyless = keys
    .map(quoteIdentifier)
    .map((key) => `"__new".${key} is not null`)
    .join(' and ');
  const once = `(${keyless} or not exists (select 1 from ${THIS} as "__old" where hash("__old") = hash("__new")))`;
  return `select * from (${newest}) as "__new"\nwhere ${[...later, once].join('\n  and ')}`;
}

/** Rows whose key is there stay as they are. */
function notKnown(newest: string, keys: readonly string[]): string {
  const same = keys.map(quoteIdentifier).map((key) => `"__old".${key} = "__new".${key}`);
  return `select * from (${newest}) as "__new"\nwhere not exists (select 1 from ${THIS} as "__old" where ${same.join(' and ')})`;
}

/** A merge that deletes what its result no longer has: a table made anew from its rows and those that came, as here. */
function mirrored({ spec, name, sql }: SqlCell, kept: string, more: Readonly<Record<string, Json>>): Shapes {
  const named = `with "__incoming" as (\n${kept}\n), "__source" as (\n${sql ?? kept}\n)`;
  const select = (current: string | null) =>
    `${named}\n${incrementalWrite(spec, '"__incoming"', current, [], '"__source"').select}`;
  const config = { ...more, materialized: 'table' };
  const base = { name, kind: 'model' as const, config, when: 'is_kept()' as const, own };
  return { shapes: [{ ...base, first: select(null), next: select(THIS) }], notes: [] };
}

/** Dimensions, facts and the vault: a table made anew from its rows and those that came, by the same SQL as here. */
function stateful(
  cell: SqlCell,
  keep: ModelKind,
  kept: string,
  more: Readonly<Record<string, Json>>,
  context: ProjectContext,
): Shapes {
  const { spec, name } = cell;
  const added = new Set(addedColumns(name, keep, spec));
  const columns = (context.columns.get(`${cell.relation?.layer ?? ''}.${name}`) ?? []).map((column) => column.name);
  const stored = columns.filter((column) => !added.has(column));
  const current = { relation: THIS, columns: stored, keysOnly: false };
  const select = (kind: typeof current | null) => {
    const model = modelSelect({
      name,
      keep,
      spec,
      incoming: '"__incoming"',
      current: kind,
      now: RUN_STARTED,
      recordSource: recordSourceOf(cell),
      dimension: (target) => dimensionOf(target, context),
    });
    const rows = keyedRows('"__written"', requiredColumns(keep, spec));
    return `with "__written" as (\n${kept}\n), "__incoming" as (${rows})\nselect * from (${model})`;
  };
  const known = keep !== 'dimension' && keep !== 'fact' ? true : stored.length > 0;
  const config = { materialized: 'table', ...more };
  const base = { name, kind: 'model' as const, config, when: 'is_kept()' as const, own };
  const notes = known
    ? []
    : [
        note(
          name,
          say(
            'never ran, so its columns are not known: as a {keep} it begins anew in every `dbt run`. Run the notebook, then export it again',
            { keep },
          ),
        ),
      ];
  return { shapes: [{ ...base, first: select(null), next: known ? select(current) : null }], notes };
}

function dimensionOf(target: string, { graph }: ProjectContext) {
  const { name } = splitTarget(target);
  const cell = graph.cells.get(name);
  return isSelectCell(cell) ? (dimensionFactsOf(cell.spec) ?? null) : null;
}

function recordSourceOf(cell: SqlCell): string {
  const read = [...cell.dependsOn, ...cell.tables.map(({ layer, name }) => `${layer}.${name}`)];
  return cell.spec.record_source ?? (read.join(', ') || cell.name);
}

import type { SqlSpec } from '../document/spec/sql.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { dimensionSelect } from './dimension.ts';
import type { DimensionFacts } from './fact.ts';
import { factSelect, lookupsOf } from './fact.ts';
import type { ModelKind } from './model-columns.ts';
import { addedColumns, columnList, hubColumns } from './model-columns.ts';
import { hubSelect, linkSelect, satelliteSelect } from './vault.ts';

/** Published rows of the cell itself: `columns` are those that the rows that came have too. */
export interface CurrentRows {
  readonly relation: string;
  readonly columns: readonly string[];
  readonly keysOnly: boolean;
}

export interface ModelWrite {
  readonly name: string;
  readonly keep: ModelKind;
  readonly spec: SqlSpec;
  /** SQL name of the rows that came, those without a business key left out. */
  readonly incoming: string;
  readonly current: CurrentRows | null;
  /** ISO time. */
  readonly now: string;
  readonly recordSource: string | null;
  /** What is known of a dimension by its name as written. */
  dimension(target: string): DimensionFacts | null;
}

/** The whole table of a dimension, fact, hub, link or satellite after these rows. */
export function modelSelect(write: ModelWrite): string {
  const { keep, spec, current } = write;
  const stored = current === null || current.keysOnly ? null : current;
  const vault = { ...write, current: stored?.relation ?? null };
  switch (keep) {
    case 'dimension':
      return dimensionSelect(write);
    case 'fact': {
      const lookups = lookupsOf(spec.dimensions ?? {}, (target) => ({
        relation: sqlName(target),
        facts: write.dimension(target),
      }));
      return factSelect({ ...write, current: stored, lookups });
    }
    case 'hub':
      return hubSelect(vault);
    case 'link':
      return linkSelect(vault);
    case 'satellite':
      return satelliteSelect(vault);
  }
}

/** Columns without which a row is no row of the model: it is left out and counted. */
export function requiredColumns(keep: ModelKind, spec: SqlSpec): string[] {
  if (keep === 'fact') return [];
  if (keep === 'link') return hubColumns(spec.hubs ?? {}).flatMap((hub) => hub.columns);
  return columnList(spec.unique_key);
}

/** The rows of `relation` that have them. */
export function keyedRows(relation: string, required: readonly string[]): string {
  const present = required.map((column) => `${quoteIdentifier(column)} is not null`).join(' and ');
  return `select * from ${relation}${present === '' ? '' : ` where ${present}`}`;
}

/** The table as a first run over `select` would make it: what a cell's readers see before it ran. */
export function firstModelSelect(write: Omit<ModelWrite, 'incoming' | 'current'>): {
  readonly before: string;
  readonly after: string;
} {
  const required = requiredColumns(write.keep, write.spec);
  const before = `with "__written" as (\n`;
  const model = modelSelect({ ...write, incoming: '"__incoming"', current: null });
  const after = `\n), "__incoming" as (${keyedRows('"__written"', required)})\nselect * from (${model})`;
  return { before, after };
}

/** Columns of the rows that came which the table would have twice. */
export function clashingColumns(
  write: Pick<ModelWrite, 'name' | 'keep' | 'spec'>,
  columns: readonly string[],
): string[] {
  const added = new Set(addedColumns(write.name, write.keep, write.spec));
  return columns.filter((column) => added.has(column.toLowerCase()));
}

/** `dim_date` and `gold.dim_date` as they stand in SQL. */
export function sqlName(target: string): string {
  return target.split('.').map(quoteIdentifier).join('.');
}

/** What the table of a dimension tells other notebooks. */
export function dimensionFactsOf(spec: SqlSpec): DimensionFacts | undefined {
  if (spec.materialize !== 'dimension') return undefined;
  return { unique_key: spec.unique_key ?? [], scd: spec.scd ?? 1 };
}

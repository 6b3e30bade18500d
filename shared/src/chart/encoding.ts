import { say } from '../said/said.ts';
import type { Aggregate, ChartSpec, Encoding } from '../document/spec/chart.ts';
import { Fault } from '../fault.ts';
import type { Column } from '../relation/relation.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** An encoding with its column found and every default filled in. */
export interface Field {
  readonly column: Column;
  readonly aggregate: Aggregate;
  readonly bucket: Bucket | null;
  readonly label: string | null;
  readonly format: string | null;
}

export const buckets = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type Bucket = (typeof buckets)[number];

export type ColumnClass = 'number' | 'time' | 'boolean' | 'text' | 'other';

export function classOf(type: string): ColumnClass {
  if (/\[\d*\]$/.test(type)) return 'other';
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|NUMERIC|DOUBLE|FLOAT|REAL)\b/i.test(type)) return 'number';
  if (/^(DATE|TIMESTAMP)/i.test(type)) return 'time';
  if (/^BOOL/i.test(type)) return 'boolean';
  return /^(VARCHAR|TEXT|CHAR|STRING|ENUM|UUID)/i.test(type) ? 'text' : 'other';
}

export function isInteger(type: string): boolean {
  return /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?\b/i.test(type);
}

/** DuckDB's names ignore case; an exact match wins. */
export function findColumn(name: string, columns: readonly Column[]): Column | null {
  const lower = name.toLowerCase();
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === lower) ??
    null
  );
}

export function encodingsOf(encoding: Encoding | readonly Encoding[] | undefined): readonly Encoding[] {
  if (encoding === undefined) return [];
  return isList(encoding) ? encoding : [encoding];
}

function isList(encoding: Encoding | readonly Encoding[]): encoding is readonly Encoding[] {
  return Array.isArray(encoding);
}

export function columnNameOf(encoding: Encoding): string {
  return typeof encoding === 'string' ? encoding : encoding.column;
}

/** `whenBare` decides what a name alone aggregates; text can only be counted. */
export function fieldOf(encoding: Encoding, columns: readonly Column[], whenBare: Aggregate): Field {
  const name = columnNameOf(encoding);
  const column = findColumn(name, columns);
  if (column === null)
    throw new Fault('notebook-invalid', say('there is no column "{name}"; choose another in the chart', { name }));
  const given = typeof encoding === 'string' ? undefined : encoding.aggregate;
  const countable = whenBare === 'none' || classOf(column.type) === 'number' ? whenBare : 'count';
  const bucket = typeof encoding === 'string' ? undefined : encoding.bucket;
  return {
    column,
    aggregate: given ?? countable,
    bucket: buckets.find((known) => known === bucket) ?? null,
    label: (typeof encoding === 'string' ? undefined : encoding.label) ?? null,
    format: (typeof encoding === 'string' ? undefined : encoding.format) ?? null,
  };
}

/** The column, in time buckets when the field says so. Zoned timestamps are bucketed in UTC, as all engines can. */
export function dimensionSql(field: Field): string {
  const name = quoteIdentifier(field.column.name);
  if (field.bucket === null || classOf(field.column.type) !== 'time') return name;
  return `date_trunc('${field.bucket}', ${/TIME ZONE|TZ$/i.test(field.column.type) ? `make_timestamp(epoch_us(${name}))` : name})`;
}

export function aggregateSql(field: Field): string {
  return aggregateOver(field.aggregate, quoteIdentifier(field.column.name));
}

export function aggregateOver(aggregate: Aggregate, value: string): string {
  switch (aggregate) {
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return `${aggregate}(${value})`;
    case 'median':
      return `median(${value})`;
    case 'count':
      return `count(${value})`;
    case 'count_distinct':
      return `count(DISTINCT ${value})`;
    case 'none':
      return `any_value(${value})`;
  }
}

/** `orders` or `silver.orders` as an identifier. */
export function relationSql(from: string): string {
  return from.split('.').map(quoteIdentifier).join('.');
}

export function limitOf(spec: ChartSpec, standard: number, most: number): number {
  const asked = spec.limit ?? standard;
  return Number.isFinite(asked) ? Math.max(1, Math.min(Math.floor(asked), most)) : standard;
}

import type { Materialization, SqlSpec } from '../document/spec/sql.ts';
import { quoteIdentifier } from '../sql/quote.ts';

/** Kept by keys of our own, over what was kept before. */
export type ModelKind = Extract<Materialization, 'dimension' | 'fact' | 'hub' | 'link' | 'satellite'>;

export function isModelKind(keep: string | null | undefined): keep is ModelKind {
  return keep === 'dimension' || keep === 'fact' || keep === 'hub' || keep === 'link' || keep === 'satellite';
}

/** `customer_id` and `[order_id, line]`; in the keys of a map also `order_id, line`. */
export function columnList(columns: string | readonly string[] | undefined): string[] {
  if (columns === undefined) return [];
  const list = typeof columns === 'string' ? columns.split(',') : columns;
  return list.map((column) => column.trim()).filter((column) => column !== '');
}

export function quotedList(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(', ');
}

export const surrogateKey = (name: string): string => `${name}_key`;
export const hashKey = (name: string): string => `${name}_hk`;

/** Hash of a business key: equal in hubs, links and satellites, whatever the type of the columns. */
export function hashOf(columns: readonly string[], from = ''): string {
  const parts = columns.map((column) => `coalesce(cast(${from}${quoteIdentifier(column)} as varchar), '')`);
  return `md5(concat_ws(chr(31), ${parts.join(', ')}))`;
}

/** Columns that a cell's rows may not have, because its table gets them. */
export function addedColumns(name: string, keep: ModelKind, spec: SqlSpec): string[] {
  switch (keep) {
    case 'dimension':
      return [surrogateKey(name), 'valid_from', 'valid_to', 'is_current'];
    case 'fact':
      return lookupColumns(spec.dimensions ?? {}).map((lookup) => lookup.key);
    case 'hub':
      return [hashKey(name), 'load_date'];
    case 'link':
      return [hashKey(name), ...hubColumns(spec.hubs ?? {}).map((hub) => hub.key), 'load_date'];
    case 'satellite':
      return [hashKey(tableOf(spec.hub ?? name)), 'load_date', 'hash_diff'];
  }
}

export interface Pointer {
  /** Columns of the cell that hold the business key. */
  readonly columns: readonly string[];
  /** As written: `dim_date` or `gold.dim_date`. */
  readonly target: string;
  /** The column that is added. */
  readonly key: string;
}

/** One dimension in two roles has a key for each: `order_date_dim_date_key` and `shipped_dim_date_key`. */
export function lookupColumns(dimensions: Readonly<Record<string, string>>): Pointer[] {
  return pointers(dimensions, surrogateKey);
}

export function hubColumns(hubs: Readonly<Record<string, string>>): Pointer[] {
  return pointers(hubs, hashKey);
}

function pointers(targets: Readonly<Record<string, string>>, keyOf: (name: string) => string): Pointer[] {
  const entries = Object.entries(targets);
  return entries.map(([text, target]) => {
    const columns = columnList(text);
    const roles = entries.filter(([, other]) => tableOf(other) === tableOf(target)).length;
    const key = keyOf(tableOf(target));
    return { columns, target, key: roles > 1 ? `${columns.join('_')}_${key}` : key };
  });
}

/** The last word of `gold.dim_customer`. */
export function tableOf(target: string): string {
  return target.split('.').at(-1) ?? target;
}

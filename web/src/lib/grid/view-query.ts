import { type Column, quoteIdentifier, quoteLiteral } from '@datacraft/shared';

import { isNumericType } from './value.ts';

/** How the reader looks at a result; it never touches the query that made it. */
export interface GridView {
  readonly sort: { readonly column: number; readonly direction: 'asc' | 'desc' } | null;
  /** By column index. */
  readonly filters: Readonly<Record<number, ColumnFilter>>;
}

export type ColumnFilter =
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'equals'; readonly text: string }
  /** Bounds as typed; each may be empty. */
  | { readonly kind: 'between'; readonly low: string; readonly high: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'not-null' };

export const PLAIN_VIEW: GridView = { sort: null, filters: {} };

export function isPlain(view: GridView): boolean {
  return view.sort === null && Object.keys(view.filters).length === 0;
}

/** Columns go by position, so that doubled names cannot be mixed up. */
export function viewQuery(from: string, columns: readonly Column[], view: GridView): string {
  const names = columns.map((_, index) => quoteIdentifier(`c${index}`));
  const renamed = `(SELECT * FROM ${from}) AS result(${names.join(', ')})`;
  const selected = columns.map((column, index) => `c${index} AS ${quoteIdentifier(column.name)}`);
  const where = Object.entries(view.filters).map(([index, filter]) => conditionOf(Number(index), filter, columns));
  const order = view.sort === null ? '' : ` ORDER BY c${view.sort.column} ${view.sort.direction} NULLS LAST`;
  return `SELECT ${selected.join(', ')} FROM ${renamed}${where.length > 0 ? ` WHERE ${where.join(' AND ')}` : ''}${order}`;
}

function conditionOf(index: number, filter: ColumnFilter, columns: readonly Column[]): string {
  const name = `c${index}`;
  const type = columns[index]?.type ?? 'VARCHAR';
  switch (filter.kind) {
    case 'null':
      return `${name} IS NULL`;
    case 'not-null':
      return `${name} IS NOT NULL`;
    case 'contains':
      return `contains(lower(CAST(${name} AS VARCHAR)), lower(${quoteLiteral(filter.text)}))`;
    case 'equals':
      return `CAST(${name} AS VARCHAR) = ${quoteLiteral(filter.text)}`;
    case 'between': {
      const bound = (text: string) =>
        `TRY_CAST(${quoteLiteral(text)} AS ${isNumericType(type) ? 'DOUBLE' : boundType(type)})`;
      const low = filter.low === '' ? [] : [`${name} >= ${bound(filter.low)}`];
      const high = filter.high === '' ? [] : [`${name} <= ${bound(filter.high)}`];
      return [...low, ...high].join(' AND ') || 'true';
    }
  }
}

function boundType(type: string): string {
  if (type === 'DATE') return 'DATE';
  if (type.startsWith('TIMESTAMP')) return type.includes('TIME ZONE') ? 'TIMESTAMPTZ' : 'TIMESTAMP';
  return type === 'TIME' ? 'TIME' : 'VARCHAR';
}

/** The next of the three states of a header: ascending, descending, as the query gave it. */
export function nextSort(view: GridView, column: number): GridView {
  if (view.sort?.column !== column) return { ...view, sort: { column, direction: 'asc' } };
  if (view.sort.direction === 'asc') return { ...view, sort: { column, direction: 'desc' } };
  return { ...view, sort: null };
}

export function withFilter(view: GridView, column: number, filter: ColumnFilter | null): GridView {
  const filters = { ...view.filters };
  if (filter === null) delete filters[column];
  else filters[column] = filter;
  return { ...view, filters };
}

import type { Column, ResultPage } from '@datacraft/shared';
import type { Table } from 'apache-arrow';

import { isNumericType, isTimeType, showValue } from '../grid/value.ts';
import { columnsOf } from '../preview/arrow.ts';

/** A value to draw: numbers as doubles, times as epoch ms in UTC, the rest as text. Exact texts stay in the grid. */
export type Point = number | string | boolean | null;
export type ChartRow = Readonly<Record<string, Point>>;

export interface ChartRows {
  readonly columns: readonly Column[];
  readonly rows: readonly ChartRow[];
}

export function rowsOfTable(table: Table): ChartRows {
  const columns = columnsOf(table.schema);
  const rows: ChartRow[] = [];
  for (let row = 0; row < table.numRows; row += 1) {
    const values = columns.map((column, at) => {
      const vector = table.getChildAt(at);
      if (vector === null) return [column.name, null];
      const shown = showValue(vector, row, column.type);
      return [column.name, shown.kind === 'null' ? null : pointOf(shown.text, column.type)];
    });
    rows.push(Object.fromEntries(values));
  }
  return { columns, rows };
}

export function rowsOfPage(page: ResultPage): ChartRows {
  const rows = page.rows.map((row) =>
    Object.fromEntries(page.columns.map((column, at) => [column.name, pointOf(row[at], column.type)])),
  );
  return { columns: page.columns, rows };
}

function pointOf(value: unknown, type: string): Point {
  if (value === null || value === undefined) return null;
  if (type === 'BOOLEAN') return value === true || value === 'true';
  if (isNumericType(type)) {
    const number = Number(value);
    return Number.isFinite(number) ? number : null;
  }
  if (isTimeType(type)) return timeOf(String(value));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Both ISO 8601 and the grid's form, read as UTC. */
function timeOf(text: string): number | null {
  const iso = text.replace(' ', 'T');
  const zoned = /Z$|[+-]\d\d(:?\d\d)?$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? null : time;
}

import { toCsv } from '../grid/copy.ts';
import { isNumericType, isTimeType } from '../grid/value.ts';
import { namesOf } from './column-names.ts';
import type { ChartRows, Point } from './rows.ts';
import type { ChartPicture } from './series.ts';

/** The rows behind a picture, by the names that its table shows; times are ISO 8601 in UTC. */
export function chartCsv(spec: ChartPicture, data: ChartRows): string {
  const shown = namesOf(spec, data.columns);
  const rows = data.rows.map((row) => shown.map(({ column }) => textOf(row[column.name] ?? null, column.type)));
  const isNumber = (at: number) => isNumericType(shown[at]?.column.type ?? '');
  return toCsv({ head: shown.map(({ name }) => name), rows }, isNumber);
}

function textOf(value: Point, type: string): string | null {
  if (value === null) return null;
  if (typeof value !== 'number' || !isTimeType(type)) return String(value);
  const iso = new Date(value).toISOString();
  return type === 'DATE' ? iso.slice(0, 10) : iso;
}

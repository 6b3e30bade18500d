import type { DashboardTile, ResultPage } from '@datacraft/shared';
import { namesOf } from '#lib/chart/column-names.ts';

/** What a tile shows, as CSV: the exact values that came, under the names people know. */
export function tileCsv(tile: DashboardTile, page: ResultPage): string {
  const named = tile.kind === 'chart' && tile.chart.type !== 'table' ? namesOf(tile.chart, page.columns) : null;
  const shown = named ?? page.columns.map((column) => ({ column, name: column.name }));
  const places = shown.map(({ column }) => page.columns.findIndex((each) => each.name === column.name));
  const lines = page.rows.map((row) => places.map((place) => field(row[place])));
  return [shown.map(({ name }) => field(name)), ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

/** Text that a spreadsheet would run as a formula is marked as text; numbers are not text. */
function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const isNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

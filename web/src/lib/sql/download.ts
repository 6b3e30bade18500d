import type { ResultPage } from '@datacraft/shared';

/** RFC 4180; a cell that a spreadsheet would take for a formula is kept as text. */
export function csvOf(page: Pick<ResultPage, 'columns' | 'rows'>): string {
  const lines = [page.columns.map((column) => field(column.name)), ...page.rows.map((row) => row.map(field))];
  return lines.map((line) => line.join(',')).join('\r\n') + '\r\n';
}

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = typeof value === 'string' && /^[=+@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe === '' ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function downloadCsv(page: Pick<ResultPage, 'columns' | 'rows'>, name: string): void {
  const url = URL.createObjectURL(new Blob([csvOf(page)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

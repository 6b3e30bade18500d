/** A rectangle of texts for other programs: the header is `head`, NULL is null. */
export interface Cells {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Spreadsheets split at tabs and line ends; texts that hold those are quoted. */
export function toTsv({ head, rows }: Cells, withHead: boolean): string {
  const lines = rows.map((row) => row.map((cell) => tsvField(cell ?? '')).join('\t'));
  return [...(withHead ? [head.map(tsvField).join('\t')] : []), ...lines].join('\n');
}

function tsvField(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toHtml({ head, rows }: Cells, withHead: boolean): string {
  const line = (cells: readonly (string | null)[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell ?? '')}</${tag}>`).join('')}</tr>`;
  const header = withHead ? line(head, 'th') : '';
  return `<table>${header}${rows.map((row) => line(row, 'td')).join('')}</table>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** RFC 4180. NULL is an empty field, '' is `""`. */
export function toCsv({ head, rows }: Cells, isNumber: (column: number) => boolean): string {
  const lines = rows.map((row) => row.map((cell, column) => csvField(cell, isNumber(column))).join(','));
  return [head.map((name) => csvField(name, false)).join(','), ...lines, ''].join('\r\n');
}

/** A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers keep their sign. */
export function csvField(cell: string | null, isNumber: boolean): string {
  if (cell === null) return '';
  if (cell === '') return '""';
  const text = !isNumber && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) || text !== cell ? `"${text.replaceAll('"', '""')}"` : text;
}

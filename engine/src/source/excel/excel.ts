import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExcelSource, JsonSource, Words } from '@datacraft/shared';
import { identifyFiles } from '../file/identify.ts';
import { jsonAdapter } from '../json/json.ts';
import type { IdentifiedSource, ResolvedFile, SourceAdapter, SourceContext } from '../source.ts';
import type { CellValue, Sheet } from './sheet.ts';
import { dateText, ExactNumber, readWorksheet, textOf } from './sheet.ts';

/**
 * Reads a worksheet of .xlsx files.
 *
 * E1  A column has one type: one that mixes numbers, texts, dates or truth values is text.
 * E2  Every row that is not blank is in `select` or in `rejects` (I7), whose `line` is the row of the sheet.
 */
export const excelAdapter: SourceAdapter<ExcelSource> = {
  identify: (spec, context) => identifyFiles(spec.path, 'excel', context),

  async open(spec, identified, session, context) {
    const { records } = await recordsOf(spec, identified, context);
    return jsonAdapter.open(jsonSpec(spec), records, session, context);
  },

  async sniff(spec, identified, session, context) {
    const { records, warnings } = await recordsOf(spec, identified, context);
    const sniffed = await jsonAdapter.sniff(jsonSpec(spec), records, session, context);
    return { ...sniffed, options: { sheet: spec.sheet ?? 1 }, warnings: [...warnings, ...sniffed.warnings] };
  },
};

function jsonSpec({ path, columns, rejects }: ExcelSource): JsonSource {
  return { type: 'json', path, ...(columns ? { columns } : {}), ...(rejects ? { rejects } : {}) };
}

/** The worksheets as files of one JSON record a row, each on the line of its row. */
async function recordsOf(spec: ExcelSource, identified: IdentifiedSource, context: SourceContext) {
  const files: ResolvedFile[] = [];
  const warnings: Words[] = [];
  for (const [index, file] of identified.files.entries()) {
    context.signal?.throwIfAborted();
    const sheet = await readWorksheet(file, spec);
    const text = linesOf(sheet);
    const path = join(context.tempDir, `sheet-${index}.ndjson`);
    await writeFile(path, text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    files.push({ path, shownAs: file.shownAs, sizeBytes: Buffer.byteLength(text), sha256 });
    warnings.push(...sheet.warnings);
  }
  return { records: { ...identified, files }, warnings };
}

function linesOf(sheet: Sheet): string {
  const writers = sheet.names.map((_, column) => writerOf(sheet.rows.map((row) => row[column] ?? null)));
  const lines = sheet.rows.map((row) => recordLine(sheet.names, row, writers));
  return `${'\n'.repeat(sheet.firstRow - 1)}${lines.join('\n')}\n`;
}

type Writer = (cell: CellValue) => string;

/** How the cells of a column are written so that all of them are of one type. */
function writerOf(cells: readonly CellValue[]): Writer {
  const filled = cells.filter((cell) => cell !== null);
  const kinds = new Set(filled.map((cell) => (typeof cell === 'object' ? cell.constructor : typeof cell)));
  if (kinds.size > 1) return (cell) => JSON.stringify(cell === null ? null : textOf(cell));
  const hasTimes = filled.some((cell) => cell instanceof Date && dateText(cell).length > DAY_LENGTH);
  return (cell) => {
    if (cell instanceof ExactNumber) return jsonNumber(cell.text);
    if (cell instanceof Date) return JSON.stringify(hasTimes ? secondsText(cell) : dateText(cell));
    return JSON.stringify(cell);
  };
}

/** As DuckDB recognises it in JSON; Excel keeps fractions of a second only by inexactness. */
function secondsText(date: Date): string {
  return new Date(Math.round(date.getTime() / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

const DAY_LENGTH = '2024-01-01'.length;

function recordLine(names: readonly string[], row: readonly CellValue[], writers: readonly Writer[]): string {
  if (row.every((cell) => cell === null)) return '';
  const fields = writers.map((write, column) => `${JSON.stringify(names[column])}:${write(row[column] ?? null)}`);
  return `{${fields.join(',')}}`;
}

function jsonNumber(text: string): string {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : JSON.stringify(Number(text));
}

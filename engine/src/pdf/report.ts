/**
 * A report as a PDF file: what was published, when, how old its data is, and of what content it is made.
 *
 * R1  The foot of each page has the hash of all that the report says. Reports of equal content have equal hashes.
 * R2  It says where rows were left out, and how many.
 */
import { createHash } from 'node:crypto';
import type { ChartSpec, ResultPage, Words } from '@datacraft/shared';
import { english, say } from '@datacraft/shared';
import { inPortuguese } from '@datacraft/shared/portuguese';
import { writeChart } from './chart.ts';
import { createPdf } from './file.ts';
import { widthOf } from './font.ts';
import type { Sheet } from './sheet.ts';
import { A4, MARGIN, openSheet, QUIET, writeText } from './sheet.ts';
import { writeTable } from './table.ts';
import type { Language } from './value.ts';
import { valueText } from './value.ts';

export type ReportPart =
  | { readonly kind: 'heading' | 'text' | 'code' | 'note'; readonly text: string }
  | { readonly kind: 'table'; readonly page: ResultPage }
  | { readonly kind: 'chart'; readonly chart: Pick<ChartSpec, 'type'>; readonly page: ResultPage };

export interface Report {
  readonly title: string;
  readonly description: string | null;
  readonly language: Language;
  /** What was published; `draft`: nothing was; null of what has no versions. */
  readonly version: { readonly number: number; readonly at: string } | 'draft' | null;
  /** When the oldest data in it was published; null when that is not known. */
  readonly dataAt: string | null;
  readonly parts: readonly ReportPart[];
}

/** Hex SHA-256 of what the report says. */
export function reportHash(report: Report): string {
  return createHash('sha256').update(JSON.stringify(report)).digest('hex');
}

export function reportPdf(report: Report): Buffer {
  const file = createPdf();
  const sheet = openSheet(file, A4);
  writeText(sheet, report.title, { font: 'bold', size: 18 });
  if (report.description !== null) writeText(sheet, report.description, { font: 'plain', size: 10 });
  writeText(sheet, factsOf(report).join(' · '), { font: 'plain', size: 8.5, colour: QUIET });
  sheet.move(10);
  for (const part of report.parts) writePart(sheet, part, report.language);
  if (file.missing > 0) {
    const note = say('{count} characters have no form in the fonts of this file; they stand as others or as ?.', {
      count: file.missing,
    });
    writeText(sheet, said(note, report.language), { font: 'plain', size: 7, colour: QUIET });
  }
  const identity = reportHash(report);
  writeFeet(sheet, report, identity);
  return file.bytes({ title: report.title, language: report.language === 'pt' ? 'pt-BR' : 'en', identity });
}

function writePart(sheet: Sheet, part: ReportPart, language: Language): void {
  switch (part.kind) {
    case 'heading':
      if (sheet.room < 90) sheet.newPage();
      sheet.move(8);
      return writeText(sheet, part.text, { font: 'bold', size: 11 });
    case 'text':
      writeText(sheet, part.text, { font: 'plain', size: 9.5 });
      return sheet.move(4);
    case 'note':
      writeText(sheet, part.text, { font: 'plain', size: 8, colour: QUIET });
      return sheet.move(4);
    case 'code':
      writeText(sheet, part.text, { font: 'code', size: 7.5, leading: 1.25 });
      return sheet.move(4);
    case 'chart':
      if (!writeChart(sheet, part.chart, part.page, language)) writeRows(sheet, part.page, language);
      return sheet.move(6);
    case 'table':
      writeRows(sheet, part.page, language);
      return sheet.move(6);
  }
}

/** Columns of a chart's query that are there to draw it. */
const QUIET_COLUMN = /^(total|others|k|base|rank)$/;

function writeRows(sheet: Sheet, page: ResultPage, language: Language): void {
  const isChart = page.columns.some(({ name }) => name === 'x' || name === 'y0');
  const kept = page.columns.flatMap(({ name }, at) => (isChart && QUIET_COLUMN.test(name) ? [] : [at]));
  const columns = kept.flatMap((at) => page.columns[at] ?? []);
  writeTable(sheet, { ...page, columns, rows: page.rows.map((row) => kept.map((at) => row[at] ?? null)) }, language);
  const total = page.totalRows ?? page.rows.length;
  if (total <= page.rows.length) return;
  const holes = { shown: counted(page.rows.length, language), total: counted(total, language) };
  writeText(sheet, said(say('The first {shown} of {total} rows.', holes), language), {
    font: 'plain',
    size: 8,
    colour: QUIET,
  });
}

function factsOf({ version, dataAt, language }: Report): string[] {
  const published = ({ number, at }: { number: number; at: string }) =>
    said(say('Version {version}, published {at}', { version: number, at: time(at) }), language);
  const time = (at: string) => `${valueText(at.slice(0, 16), 'TIMESTAMP', language)} UTC`;
  return [
    ...(version === null ? [] : [version === 'draft' ? said('A draft, not published', language) : published(version)]),
    ...(dataAt === null ? [] : [said(say('data of {at}', { at: time(dataAt) }), language)]),
  ];
}

function writeFeet(sheet: Sheet, report: Report, identity: string): void {
  const style = { font: 'plain', size: 6.5, colour: QUIET } as const;
  sheet.foot((canvas, page, pages) => {
    const y = canvas.height - MARGIN + 8;
    const of = said(say('page {page} of {pages}', { page, pages }), report.language);
    canvas.text([report.title.slice(0, 80), ...factsOf(report)].join(' · '), MARGIN, y, style);
    canvas.text(`sha256 ${identity}`, MARGIN, y + 10, style);
    canvas.text(of, canvas.width - MARGIN - widthOf(of, style.font, style.size), y + 10, style);
  });
}

function said(words: Words, language: Language): string {
  return (language === 'pt' ? inPortuguese(words) : null) ?? english(words);
}

function counted(count: number, language: Language): string {
  return count.toLocaleString(language === 'pt' ? 'pt-BR' : 'en');
}

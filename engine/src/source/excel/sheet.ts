import type { ExcelSource, Said, Words } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import readWorkbook, { readSheet } from 'read-excel-file/node';
import { headerNames } from '../csv/header.ts';
import type { ResolvedFile } from '../source.ts';

/** A number keeps the digits that the file has, which are not always those of a double. */
export class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type CellValue = string | boolean | Date | ExactNumber | null;

export interface Sheet {
  readonly names: readonly string[];
  readonly warnings: readonly Words[];
  readonly rows: readonly (readonly CellValue[])[];
  /** 1-based row of the sheet that `rows[0]` is. */
  readonly firstRow: number;
}

/** Reads one worksheet whole: names from its header, and the rows below it. */
export async function readWorksheet(file: ResolvedFile, spec: ExcelSource): Promise<Sheet> {
  const { top, left, bottom, right } = boundsOf(spec.range);
  const all = await cellsOf(file, spec.sheet ?? 1);
  const rows = all.slice(top, bottom).map((row) => row.slice(left, right));
  const width = Math.max(0, ...rows.map((row) => row.findLastIndex((cell) => cell !== null) + 1));
  const hasHeader = spec.header ?? true;
  const first = rows.findIndex((row) => row.some((cell) => cell !== null));
  if (first === -1 || (hasHeader && rows.length === first + 1 && spec.columns === undefined)) {
    throw unreadable(
      file,
      say('{file} has no rows in {sheet}; correct sheet: or range:', { file: file.shownAs, sheet: sheetName(spec) }),
    );
  }
  const warnings: Words[] = [];
  const names = hasHeader
    ? headerNames((rows[first] ?? []).slice(0, width).map(textOf), width, warnings)
    : ownNames(width, Object.keys(spec.columns ?? {}));
  const start = hasHeader ? first + 1 : first;
  return { names, warnings, rows: rows.slice(start), firstRow: top + start + 1 };
}

async function cellsOf(file: ResolvedFile, sheet: string | number): Promise<CellValue[][]> {
  try {
    const cells = await readSheet(file.path, sheet, { trim: false, parseNumber: (text) => new ExactNumber(text) });
    return cells as unknown as CellValue[][];
  } catch (error) {
    const known = await sheetNames(file);
    if (known !== null && (typeof sheet === 'number' ? known.length < sheet : !known.includes(sheet)))
      throw unreadable(
        file,
        say('{file} has no sheet {sheet}; it has {known}', { file: file.shownAs, sheet, known: known.join(', ') }),
        error,
      );
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(
      file,
      say('{file} is a damaged workbook: {reason}; save it again as .xlsx', { file: file.shownAs, reason }),
      error,
    );
  }
}

async function sheetNames(file: ResolvedFile): Promise<string[] | null> {
  try {
    return (await readWorkbook(file.path)).map(({ sheet }) => sheet);
  } catch {
    // The workbook as a whole cannot be read: the first reason is the one to tell.
    return null;
  }
}

interface Bounds {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

function boundsOf(range: string | undefined): Bounds {
  const found = /^([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?$/.exec((range ?? 'A1').toUpperCase());
  return {
    left: columnIndex(found?.[1] ?? 'A'),
    top: Number(found?.[2] ?? 1) - 1,
    right: found?.[3] === undefined ? Infinity : columnIndex(found[3]) + 1,
    bottom: found?.[4] === undefined ? Infinity : Number(found[4]),
  };
}

function columnIndex(letters: string): number {
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function ownNames(width: number, declared: readonly string[]): string[] {
  return Array.from({ length: width }, (_, index) => declared[index] ?? `column${index}`);
}

export function textOf(cell: CellValue): string {
  if (cell === null) return '';
  if (cell instanceof ExactNumber) return cell.text;
  return cell instanceof Date ? dateText(cell) : String(cell);
}

/** Excel has moments without a zone: a day, or a day and a time. */
export function dateText(date: Date): string {
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}

function sheetName({ sheet = 1, range }: ExcelSource): Said {
  return range === undefined ? say('sheet {sheet}', { sheet }) : say('sheet {sheet}, {range}', { sheet, range });
}

function unreadable(file: ResolvedFile, message: Said, cause?: unknown): Fault {
  return new Fault('source-unreadable', message, { file: file.shownAs }, { cause });
}

import type { Words } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import type { CsvRecord } from './records.ts';
import { classify } from './value.ts';

export interface Header {
  /** Lines before the header or the first row that are not data. */
  readonly skip: number;
  readonly header: boolean;
  readonly names: readonly string[];
  readonly warnings: readonly Words[];
}

export interface HeaderHints {
  readonly header?: boolean | undefined;
  readonly skip?: number | undefined;
  /** Names that were declared; they name the columns when there is no header. */
  readonly declared: readonly string[];
}

/** Finds where the data begins and what its columns are called. `records` are those after `hints.skip` lines. */
export function findHeader(records: readonly CsvRecord[], hints: HeaderHints): Header {
  const warnings: Words[] = [];
  const said = saysDeclared(records[0], hints);
  const width = said ? (records[0]?.fields.length ?? 1) : commonWidth(records);
  const start = hints.skip === undefined && !said ? preambleLength(records, width) : 0;
  const first = records[start];
  const body = records.slice(start + 1);
  const skip = hints.skip ?? (first ? first.line - 1 : 0);
  if (start > 0) {
    const what = records[0]?.fields.join(' ').trim().slice(0, 60) ?? '';
    warnings.push(
      skip === 1
        ? say('the first line is skipped ("{what}")', { what })
        : say('the first {count} lines are skipped ("{what}")', { count: skip, what }),
    );
  }
  const header = hints.header ?? (said || (first !== undefined && looksLikeHeader(first, body)));
  const names = header && first ? headerNames(first.fields, width, warnings) : ownNames(width, hints.declared);
  return { skip, header, names, warnings };
}

/** A first line that holds every declared name is the header, however wide the rows below are. */
function saysDeclared(first: CsvRecord | undefined, { header, declared }: HeaderHints): boolean {
  if (header === false || declared.length === 0) return false;
  const names = new Set(first?.fields.map((field) => field.trim().toLowerCase()));
  return declared.every((name) => names.has(name.trim().toLowerCase()));
}

function commonWidth(records: readonly CsvRecord[]): number {
  const widths = new Map<number, number>();
  for (const { fields } of records.slice(0, 2000)) widths.set(fields.length, (widths.get(fields.length) ?? 0) + 1);
  const first = records[0]?.fields.length ?? 1;
  const [width, count] = [...widths].reduce((a, b) => (b[1] > a[1] ? b : a), [first, 0] as [number, number]);
  // In a short file one odd row must not outvote the header.
  return count <= (widths.get(first) ?? 0) || records.length - count > count ? Math.max(first, 1) : width;
}

/** How many leading records are titles or notes: narrower than the data and followed by records that fit. */
function preambleLength(records: readonly CsvRecord[], width: number): number {
  const start = records.findIndex(({ fields }) => fields.length >= width);
  if (start <= 0 || start > 30) return 0;
  const rest = records.slice(start);
  const fitting = rest.filter(({ fields }) => fields.length === width).length;
  return rest.length >= 2 && fitting >= rest.length * 0.8 ? start : 0;
}

function looksLikeHeader(first: CsvRecord, body: readonly CsvRecord[]): boolean {
  const kinds = first.fields.map((field) => (field.trim() === '' ? 'empty' : classify(field).kind));
  if (kinds.every((kind) => kind === 'empty')) return body.length > 0;
  if (kinds.some((kind) => kind !== 'text' && kind !== 'empty' && kind !== 'int')) return false;
  const texts = kinds.filter((kind) => kind === 'text').length;
  if (texts === 0) return false;
  const sample = body.slice(0, 500);
  if (sample.length === 0) return texts === kinds.length;
  const typedBelow = kinds.some((kind, index) => kind === 'text' && mostlyTyped(sample, index));
  if (typedBelow) return true;
  if (kinds.includes('int')) return false;
  // All text below as well: a header does not repeat among its column's values.
  return !first.fields.some((field, index) => field !== '' && sample.some(({ fields }) => fields[index] === field));
}

function mostlyTyped(body: readonly CsvRecord[], index: number): boolean {
  let typed = 0;
  let filled = 0;
  for (const { fields } of body) {
    const value = fields[index] ?? '';
    if (value === '') continue;
    filled++;
    if (classify(value).kind !== 'text') typed++;
  }
  return filled > 0 && typed >= filled * 0.6;
}

function ownNames(width: number, declared: readonly string[]): readonly string[] {
  if (declared.length === width) return declared;
  return Array.from({ length: width }, (_, index) => `column${index}`);
}

/** Names as DuckDB would give them, each once: case does not tell columns apart in SQL. */
export function headerNames(fields: readonly string[], width: number, warnings: Words[]): readonly string[] {
  const taken = new Set(fields.map((field) => field.trim().toLowerCase()));
  const seen = new Set<string>();
  const names: string[] = [];
  const cells = fields.length >= width ? fields : [...fields, ...Array<string>(width - fields.length).fill('')];
  cells.forEach((field, index) => {
    const trimmed = field.trim().replaceAll('\0', '');
    const wanted = trimmed === '' ? `column${index}` : trimmed;
    let name = wanted;
    for (let turn = 1; seen.has(name.toLowerCase()) || (name !== trimmed && taken.has(name.toLowerCase())); turn++) {
      name = `${wanted}_${turn}`;
    }
    seen.add(name.toLowerCase());
    names.push(name);
    const at = index + 1;
    if (trimmed === '')
      warnings.push(say('column {at} has no name in the header and is called "{name}"', { at, name }));
    else if (name !== wanted)
      warnings.push(
        say('the header says "{written}" twice; column {at} is called "{name}"', { written: trimmed, at, name }),
      );
  });
  return names;
}

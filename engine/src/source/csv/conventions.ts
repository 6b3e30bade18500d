import type { Words } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import { allowedBad, countOf, type ColumnEvidence, type FileConventions } from './column-type.ts';

export interface ConventionHints {
  readonly decimal?: '.' | ',' | undefined;
  readonly dateFormat?: string | undefined;
  readonly timestampFormat?: string | undefined;
  readonly delimiter: string;
  readonly tolerant: boolean;
}

const NUMERIC = [
  'int',
  'wide-int',
  'zero-int',
  'dot',
  'dot-group',
  'dot-groups',
  'comma',
  'comma-group',
  'comma-groups',
  'comma-decimal-dot-groups',
  'dot-decimal-comma-groups',
  'nan',
];

/** Decides the decimal sign and the date order of a file from the evidence of all its columns. */
export function decideConventions(
  columns: readonly ColumnEvidence[],
  hints: ConventionHints,
): { readonly conventions: FileConventions; readonly warnings: readonly Words[] } {
  const warnings: Words[] = [];
  const numbers = decideDecimal(columns, hints, warnings);
  const dates = decideDates(columns, hints, numbers.decimal, warnings);
  return { conventions: { ...numbers, ...dates, tolerant: hints.tolerant }, warnings };
}

function decideDecimal(columns: readonly ColumnEvidence[], hints: ConventionHints, warnings: Words[]) {
  const total = (kinds: readonly string[]) =>
    columns
      .filter((column) => countOf(column, NUMERIC) >= 0.7 * (column.filled - (column.kinds.get('marker') ?? 0)))
      .reduce((sum, column) => sum + countOf(column, kinds), 0);
  const commas = total(['comma', 'comma-decimal-dot-groups', 'dot-groups']);
  const dots = total(['dot', 'dot-decimal-comma-groups', 'comma-groups']);
  const commaGroups = total(['comma-group']);
  const decimal =
    hints.decimal ?? (commas > dots || (commas === dots && commaGroups > 0 && hints.delimiter !== ',') ? ',' : '.');
  if (hints.decimal === undefined && commas > 0 && dots > 0) {
    warnings.push(
      say(
        'numbers are written with a decimal comma ({commas} sampled values) and with a decimal point ({dots}); "{decimal}" is taken as the decimal sign, set decimal: to decide',
        { commas, dots, decimal },
      ),
    );
  }
  if (hints.decimal === undefined && decimal === ',' && commas === 0) {
    warnings.push('values such as 1,234 are taken as decimals; set decimal: "." if the comma separates thousands');
  }
  const groups =
    decimal === ','
      ? total(['dot-group', 'dot-groups', 'comma-decimal-dot-groups'])
      : total(['comma-group', 'comma-groups', 'dot-decimal-comma-groups']);
  const thousands = groups === 0 ? '' : decimal === ',' ? '.' : ',';
  return { decimal, thousands } as const;
}

function decideDates(
  columns: readonly ColumnEvidence[],
  hints: ConventionHints,
  decimal: '.' | ',',
  warnings: Words[],
) {
  const date = rankFormats(columns, 'date', hints.tolerant);
  const timestamp = rankFormats(columns, 'timestamp', hints.tolerant);
  const order = orderOf([...date, ...timestamp]) ?? monthlyOrder(columns);
  let ambiguousDates = false;
  const pick = (ranked: readonly Ranked[], what: 'date_format' | 'timestamp_format'): string | null => {
    const best = ranked.filter(({ score }) => score === ranked[0]?.score);
    const dayFirst = best.find(({ format }) => orderName(format) === 'day');
    const chosen = best.length < 2 ? best[0] : best.find(({ format }) => orderName(format) === order);
    if (chosen) return chosen.format === 'iso' ? null : chosen.format;
    if (dayFirst && decimal === ',') {
      warnings.push(
        say(
          'dates are read day first, as numbers have a decimal comma; no day above 12 was seen, so set {what}: if that is wrong',
          { what },
        ),
      );
      return dayFirst.format;
    }
    if (best.length > 1) {
      ambiguousDates = true;
      warnings.push(
        say(
          'dates could be day first or month first, as no day above 12 was seen; they are kept as text, set {what}: "{format}" or another',
          { what, format: dayFirst?.format ?? '' },
        ),
      );
    }
    return null;
  };
  return {
    dateFormat: hints.dateFormat ?? pick(date, 'date_format'),
    timestampFormat: hints.timestampFormat ?? pick(timestamp, 'timestamp_format'),
    ambiguousDates,
  };
}

/** A part that is always the same while the other goes through the months is the day of a monthly series. */
function monthlyOrder(columns: readonly ColumnEvidence[]): 'day' | 'month' | null {
  for (const { dateParts } of columns) {
    const [first, second] = dateParts;
    if (first.size === 1 && second.size > 3) return 'day';
    if (second.size === 1 && first.size > 3) return 'month';
  }
  return null;
}

interface Ranked {
  readonly format: string;
  readonly score: number;
}

/** Formats by how many values of columns that are (nearly) all of that format they explain. */
function rankFormats(
  columns: readonly ColumnEvidence[],
  kind: 'date' | 'timestamp',
  tolerant: boolean,
): readonly Ranked[] {
  const scores = new Map<string, number>();
  for (const column of columns) {
    const values = column.filled - (column.kinds.get('marker') ?? 0);
    for (const [key, count] of column.formats) {
      const [formatKind, format] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
      if (formatKind !== kind || values - count > allowedBad(values, tolerant)) continue;
      scores.set(format, (scores.get(format) ?? 0) + count);
    }
  }
  return [...scores].map(([format, score]) => ({ format, score })).sort((a, b) => b.score - a.score);
}

function orderName(format: string): 'day' | 'month' | 'year' {
  return format.startsWith('%d') ? 'day' : format.startsWith('%m') ? 'month' : 'year';
}

/** Day first or month first, when some column leaves no doubt. */
function orderOf(ranked: readonly Ranked[]): 'day' | 'month' | null {
  const best = (order: string) =>
    Math.max(0, ...ranked.filter(({ format }) => orderName(format) === order).map(({ score }) => score));
  const [day, month] = [best('day'), best('month')];
  return day === month ? null : day > month ? 'day' : 'month';
}

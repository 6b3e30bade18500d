import type { CsvSource, Words } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import { declaredTypes } from '../declared-columns.ts';
import { gatherEvidence, decideType, type ColumnEvidence } from './column-type.ts';
import { decideConventions } from './conventions.ts';
import { sniffDialect } from './dialect.ts';
import { findHeader } from './header.ts';
import { parseRecords, type CsvRecord, type Dialect } from './records.ts';
import type { TextSample } from './sample.ts';

/**
 * A layout is everything DuckDB must be told to read one CSV file, decided before it reads: it never sniffs.
 *
 * L1  The same bytes and spec give the same layout.
 * L2  What the spec says wins over what the sample shows.
 * L3  Names are unique without regard to case, in file order, one per column.
 */
export interface CsvLayout extends Dialect {
  readonly skip: number;
  readonly header: boolean;
  readonly columns: readonly LayoutColumn[];
  readonly decimal: '.' | ',';
  readonly thousands: '' | '.' | ',';
  readonly dateFormat: string | null;
  readonly timestampFormat: string | null;
  readonly nullValues: readonly string[];
  readonly warnings: readonly Words[];
}

export interface LayoutColumn {
  readonly name: string;
  readonly type: string;
  /** How `type` came about: `empty` when the sample holds no value. */
  readonly origin: 'declared' | 'sniffed' | 'empty';
}

const SAMPLE_RECORDS = 20_480;

export function decideLayout(sample: TextSample, spec: CsvSource, shownAs: string): CsvLayout {
  const text = spec.skip === undefined ? sample.text : withoutLines(sample.text, spec.skip);
  const dialect = sniffDialect(text, sample.cut, spec);
  const records = parseRecords(text, dialect, SAMPLE_RECORDS, sample.cut);
  const head = findHeader(records, { header: spec.header, skip: spec.skip, declared: Object.keys(spec.columns ?? {}) });
  const declared = declaredTypes(spec.columns, head.names, shownAs);
  const nullValues = ['', ...(spec.null_values ?? []).filter((value) => value !== '')];
  const firstLine = head.skip - (spec.skip ?? 0) + (head.header ? 2 : 1);
  const body = records.filter(({ line, fields }) => line >= firstLine && fields.length === head.names.length);
  const evidence = head.names.map((_, index) => evidenceOf(body, index, spec, nullValues));
  const { conventions, warnings } = decideConventions(evidence, {
    decimal: spec.decimal,
    dateFormat: spec.date_format,
    timestampFormat: spec.timestamp_format,
    delimiter: dialect.delimiter,
    tolerant: spec.rejects === 'table',
  });
  const decisions = head.names.map((name, index) =>
    decideColumn(name, declared.get(name), evidence[index], conventions),
  );
  const markers = new Set(spec.null_values === undefined ? decisions.flatMap(({ markers }) => markers) : []);
  return {
    ...dialect,
    skip: head.skip,
    header: head.header,
    columns: head.names.map((name, index) => ({
      name,
      type: decisions[index]?.type ?? 'VARCHAR',
      origin: declared.has(name) ? 'declared' : evidence[index]?.filled === 0 ? 'empty' : 'sniffed',
    })),
    ...conventions,
    nullValues: [...nullValues, ...markers],
    warnings: [
      ...head.warnings,
      ...warnings,
      ...decisions.flatMap(({ warning }) => warning ?? []),
      ...[...markers].map((marker) => say('"{marker}" is read as empty (NULL)', { marker })),
    ],
  };
}

function decideColumn(
  name: string,
  declared: string | undefined,
  evidence: ColumnEvidence | undefined,
  conventions: Parameters<typeof decideType>[2],
) {
  if (declared !== undefined || !evidence) return { type: declared ?? 'VARCHAR', warning: null, markers: [] };
  return decideType(name, evidence, conventions);
}

function evidenceOf(body: readonly CsvRecord[], index: number, spec: CsvSource, nullValues: readonly string[]) {
  return gatherEvidence(
    body.map(({ fields, line }) => ({ value: fields[index] ?? '', line })),
    {
      nullValues: new Set(nullValues),
      formats: [spec.date_format, spec.timestamp_format].flatMap((format) => format ?? []),
    },
  );
}

function withoutLines(text: string, count: number): string {
  let at = 0;
  for (let skipped = 0; skipped < count && at < text.length; skipped++) {
    const end = text.slice(at).search(/\r\n|\r|\n/);
    if (end < 0) return '';
    at += end + (text.startsWith('\r\n', at + end) ? 2 : 1);
  }
  return text.slice(at);
}

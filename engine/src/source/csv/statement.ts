import { reasonSql } from '../reason-sql.ts';
import { quoteName, quoteText, quoteTexts } from '../sql-text.ts';
import type { CsvLayout } from './layout.ts';

export interface CsvFile {
  readonly path: string;
  readonly shownAs: string;
  /** A CSV file of `offset,lines` (see line-shift.ts) when records span lines. */
  readonly shifts?: string;
}

/** Files of one layout, read by one `read_csv`. */
export interface CsvRead {
  readonly layout: CsvLayout;
  readonly gzip: boolean;
  readonly files: readonly CsvFile[];
}

/** Temporary tables of DuckDB that take the bad rows of one read. */
export interface RejectTables {
  readonly rows: string;
  readonly scans: string;
}

/** Every option is spelled out, so that reading is the same on every machine and in every version. */
function readStatement(read: CsvRead, rejects: RejectTables | null): string {
  const { layout } = read;
  const columns = layout.columns.map(({ name, type }) => `${quoteName(name)}: ${quoteText(type)}`).join(', ');
  const options = [
    quoteTexts(read.files.map(({ path }) => path)),
    'auto_detect = false',
    `columns = {${columns}}`,
    `delim = ${quoteText(layout.delimiter)}`,
    `quote = ${quoteText(layout.quote)}`,
    `escape = ${quoteText(layout.escape)}`,
    `header = ${layout.header}`,
    `skip = ${layout.skip}`,
    `nullstr = ${quoteTexts(layout.nullValues)}`,
    `decimal_separator = ${quoteText(layout.decimal)}`,
    ...(layout.thousands === '' ? [] : [`thousands = ${quoteText(layout.thousands)}`]),
    ...(layout.dateFormat === null ? [] : [`dateformat = ${quoteText(layout.dateFormat)}`]),
    ...(layout.timestampFormat === null ? [] : [`timestampformat = ${quoteText(layout.timestampFormat)}`]),
    `compression = ${quoteText(read.gzip ? 'gzip' : 'none')}`,
    ...(rejects === null
      ? []
      : [
          'store_rejects = true',
          `rejects_table = ${quoteText(rejects.rows)}`,
          `rejects_scan = ${quoteText(rejects.scans)}`,
        ]),
  ];
  return `select * from read_csv(${options.join(', ')})`;
}

export function selectStatement(reads: readonly CsvRead[], rejects: readonly RejectTables[] | null): string {
  return reads.map((read, index) => readStatement(read, rejects?.[index] ?? null)).join('\nunion all by name\n');
}

/** One row per bad record, whatever the number of things wrong with it, of the latest pass. */
export function rejectsStatement(reads: readonly CsvRead[], rejects: readonly RejectTables[]): string {
  const parts = reads.flatMap((read, index) => {
    const tables = rejects[index];
    return tables ? [rejectsOfRead(read, tables)] : [];
  });
  return `select * from (${parts.join('\nunion all\n')}) order by file, line`;
}

function rejectsOfRead(read: CsvRead, tables: RejectTables): string {
  const names = read.files.map(({ path, shownAs }) => `(${quoteText(path)}, ${quoteText(shownAs)})`).join(', ');
  const [rows, scans] = [quoteName(tables.rows), quoteName(tables.scans)];
  return `select max(n.shown) as file, (max(e.line) + coalesce(max(h.lines), 0))::bigint as line,
  arg_min(e.column_name, e.column_idx) filter (where e.error_type = 'CAST') as column_name,
  concat_ws('; ',
    arg_min(${REASON}, e.column_idx) filter (where e.error_type = 'MISSING COLUMNS'),
    arg_max(${REASON}, e.column_idx) filter (where e.error_type = 'TOO MANY COLUMNS'),
    string_agg(distinct ${REASON}, '; ' order by ${REASON})
      filter (where e.error_type not in ('MISSING COLUMNS', 'TOO MANY COLUMNS'))) as reason,
  max(e.csv_line) as raw
from ${rows} e
join ${scans} s on s.scan_id = e.scan_id and s.file_id = e.file_id
join (values ${names}) n(path, shown) on n.path = s.file_path
asof left join ${shiftsOf(read)} h on h.path = s.file_path and e.line_byte_position >= h.from_byte
where e.scan_id = (select max(scan_id) from ${scans})
group by e.file_id, e.line, e.line_byte_position`;
}

function shiftsOf(read: CsvRead): string {
  const parts = read.files.flatMap(({ path, shifts }) =>
    shifts === undefined
      ? []
      : [
          `select ${quoteText(path)} as path, from_byte, lines from read_csv(${quoteText(shifts)}, auto_detect = false, header = false, columns = {from_byte: 'BIGINT', lines: 'BIGINT'})`,
        ],
  );
  const none = "select '' as path, 0::bigint as from_byte, 0::bigint as lines where false";
  return `(${[...parts, none].join(' union all ')})`;
}

const COUNTS = String.raw`(\d+) Found: (\d+)`;
const CAST = String.raw`Could not convert string "(.*)" to (.*)`;
const found = (pattern: string, part: number) => `regexp_extract(e.error_message, ${quoteText(pattern)}, ${part}, 's')`;
const counted = { expected: found(COUNTS, 1), found: found(COUNTS, 2) };
const [kind, why] = [`lower(replace(e.error_type, '_', ' '))`, 'e.error_message'];

/** Of an error of DuckDB's reader. */
const REASON = `case
    when e.error_type = 'CAST' and regexp_matches(e.error_message, ${quoteText(CAST)}, 's')
      then ${reasonSql('{column}: could not convert string "{value}" to {type}', { column: 'e.column_name', value: found(CAST, 1), type: found(CAST, 2) })}
    when e.error_type = 'MISSING COLUMNS' then ${reasonSql('too few values: expected {expected} found: {found}', counted)}
    when e.error_type = 'TOO MANY COLUMNS' then ${reasonSql('too many values: expected {expected} found: {found}', counted)}
    when e.error_type = 'UNQUOTED VALUE'
      then ${reasonSql('a quoted value is not closed, or goes on after its closing quote', {})}
    when e.error_type = 'LINE SIZE OVER MAXIMUM' then ${reasonSql('the line is too long: {why}', { why: 'lower(e.error_message)' })}
    when e.error_type = 'INVALID ENCODING'
      then ${reasonSql('not valid UTF-8; set encoding: if the file is in another one', {})}
    else ${reasonSql('not read as CSV ({kind}): {why}', { kind, why })}
  end`;

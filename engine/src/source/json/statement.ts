import { misfitSql, reasonSql } from '../reason-sql.ts';
import { quoteName, quoteText } from '../sql-text.ts';
import { columnsOption, type JsonColumn } from './columns.ts';
import { linesSource, readArguments, type PreparedJson } from './prepare.ts';

/** Reads with DuckDB's own reader: quick, and the first bad record stops it. */
export function strictSelect(prepared: PreparedJson): string {
  return [true, false]
    .flatMap((gzip) => {
      const paths = prepared.files.filter((file) => file.gzip === gzip).map(({ path }) => path);
      if (paths.length === 0) return [];
      return [
        `select * from read_json(${readArguments(paths, prepared.format, gzip, prepared.longestLine)}, ${columnsOption(prepared.columns)})`,
      ];
    })
    .join('\nunion all\n');
}

/** Reads line by line and leaves bad records out. */
export function tolerantSelect(prepared: PreparedJson): string {
  const values = prepared.columns.map((column, index) => named(column, `v[${index + 1}]`));
  return `select ${values.join(', ')} from ${judgedLines(prepared)} where problem is null and l is not null`;
}

/** `l` is the whole line. */
export function rejectsSelect(prepared: PreparedJson): string {
  return `select file, line, problem[1] as column_name, problem[2] as reason, left(l, 10000) as raw, l
from ${judgedLines(prepared)} where problem is not null order by file, line`;
}

/** Every line with its values as text and, when it is bad, `[column, reason]`. */
function judgedLines(prepared: PreparedJson): string {
  const lines = prepared.files
    .map(
      (file) =>
        `select ${quoteText(file.file.shownAs)} as file, line, nullif(trim(l), '') as l from ${linesSource(file)}`,
    )
    .join(' union all ');
  const pointers = prepared.columns.map(({ name }) => quoteText(pointerOf(name)));
  const bad = prepared.columns.flatMap((column, index) => problemOf(column, `v[${index + 1}]`));
  return `(select *, case
    when l is null then null
    when not json_valid(l) then [null, ${reasonSql('not valid JSON', {})}]
    when json_type(l) <> 'OBJECT' then [null, ${reasonSql('expected an object, got {got}', { got: 'lower(json_type(l))' })}]
    ${bad.join('\n    ')}
    end as problem
  from (select *, case when json_valid(l) then json_extract_string(l, [${pointers.join(', ')}]) end as v from (${lines})))`;
}

function pointerOf(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function isNested(type: string): boolean {
  return /^(STRUCT|MAP|UNION)\b|\[\d*\]$/i.test(type);
}

function named(column: JsonColumn, text: string): string {
  return `${valueOf(column, text)} as ${quoteName(column.name)}`;
}

/** The value that a column has of its text. */
function valueOf(column: JsonColumn, text: string): string {
  if (column.type === 'VARCHAR') return text;
  return isNested(column.type) || column.type === 'JSON'
    ? `try_cast(${text}::json as ${column.type})`
    : `try_cast(${text} as ${column.type})`;
}

function problemOf(column: JsonColumn, text: string): readonly string[] {
  if (column.type === 'VARCHAR' || column.type === 'JSON') return [];
  const reason = misfitSql(column, text);
  const value = isNested(column.type)
    ? `case when json_valid(${text}) then ${valueOf(column, text)} end`
    : valueOf(column, text);
  return [`when ${text} is not null and ${value} is null then [${quoteText(column.name)}, ${reason}]`];
}

/** As `tolerantSelect`, of one file whose lines are all objects: read at once, several times as fast. */
export function soundSelect(prepared: PreparedJson): string {
  const values = prepared.columns.map((column) => named(column, quoteName(column.name)));
  return `select ${values.join(', ')} from ${texts(prepared)} where ${soundProblem(prepared)} is null`;
}

/** As `rejectsSelect`. */
export function soundRejects(prepared: PreparedJson): string {
  const [file] = prepared.files;
  if (!file) return 'select 1 where false';
  const judged = `select line, ${soundProblem(prepared)} as problem from (select row_number() over () as line, * from ${texts(prepared)})`;
  return `select ${quoteText(file.file.shownAs)} as file, line, problem[1] as column_name, problem[2] as reason, left(l, 10000) as raw, l
from (select * from (${judged}) where problem is not null) join ${linesSource(file)} using (line) order by line`;
}

function soundProblem({ columns }: PreparedJson): string {
  const bad = columns.flatMap((column) => problemOf(column, quoteName(column.name)));
  return bad.length === 0 ? 'null::varchar[]' : `(case ${bad.join('\n    ')} end)`;
}

function texts({ files, columns, longestLine }: PreparedJson): string {
  const paths = files.map(({ path }) => path);
  return `read_json(${readArguments(paths, 'lines', false, longestLine)}, ${columnsOption(columns.map(({ name }) => ({ name, type: 'VARCHAR' })))})`;
}

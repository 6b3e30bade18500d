import type { SourceSpec } from '@datacraft/shared';
import { Fault, isFault, unreachable } from '@datacraft/shared';
import { declaredTypes } from '../declared-columns.ts';
import { misfitSql } from '../reason-sql.ts';
import { rejectedFault } from '../rejected-fault.ts';
import type { IdentifiedSource, OpenedSource, SourceAdapter, SourceContext, TypedColumn } from '../source.ts';
import { lineSize } from '../line-size.ts';
import { quoteName, quoteText } from '../sql-text.ts';
import { applySelect } from './apply.ts';
import type { ExtractForm, Extractor } from './extractor.ts';
import { identifyExtracted } from './identify.ts';
import { withMissing } from './missing.ts';
import type { TableFile } from './table-file.ts';
import { createTableFile } from './table-file.ts';

const tables: ExtractForm<TableFile> = {
  create: createTableFile,
  known: (file) => ({
    typed: file.columns,
    longestRow: file.longestRow,
    ...(file.mergeKey ? { mode: 'merge' as const, mergeKey: file.mergeKey } : {}),
    ...(file.isAnew ? { mode: 'overwrite' as const } : {}),
  }),
};

const PROVENANCE: readonly string[] = ['_source', '_ingested_at', '_row_hash'];

/** Sources that give tables: columns come with their types. A value that its type cannot hold is a bad row. */
export function typedAdapter<Spec extends SourceSpec>(extractor: Extractor<Spec, TableFile>): SourceAdapter<Spec> {
  return {
    identify: (spec, context) => identifyExtracted(extractor, tables, spec, context),

    async open(spec, identified, session, context): Promise<OpenedSource> {
      const reading = readingOf(spec, identified, extractor.shownAs(spec));
      const rejects = rejectsSelect(reading);
      const select = identified.mode === 'merge' ? applied(reading, identified, context) : strictSelect(reading);
      if (spec.rejects === 'table')
        return { select: withMissing(tolerantSelect(reading), missingIn(spec, identified, context)), rejects };
      return {
        select: withMissing(select, missingIn(spec, identified, context)),
        rejects: null,
        explain: async (error) => {
          if (!isFault(error, 'query-failed')) return error;
          const page = await session.rows(rejects, { limit: 1, countTotal: true });
          const [first] = page.rows;
          return first ? rejectedFault(first, page.totalRows ?? 1, 'row', error) : error;
        },
      };
    },

    async sniff(spec, identified, session) {
      const reading = readingOf(spec, identified, extractor.shownAs(spec));
      const preview = await session.rows(`select * from (${tolerantSelect(reading)}) limit 101`, { limit: 100 });
      return { options: {}, columns: preview.columns, preview, warnings: [] };
    },
  };
}

function applied(reading: Reading, { mergeKey }: IdentifiedSource, { current }: SourceContext): string {
  if (current === undefined)
    throw new Fault('internal', `changes of ${reading.shownAs} came without the rows they change`);
  const names = reading.columns.map(({ name }) => name).filter((name) => !name.startsWith('__'));
  return applySelect(current, strictSelect(reading), names, mergeKey ?? []);
}

interface Reading {
  readonly path: string;
  readonly shownAs: string;
  readonly columns: readonly TypedColumn[];
  readonly longestRow: number;
}

function readingOf(spec: SourceSpec, { files: [file], typed, longestRow }: IdentifiedSource, shownAs: string): Reading {
  if (!file || !typed) throw new Fault('internal', `${shownAs} was not read before it was opened`);
  const names = typed.map(({ name }) => name);
  const declared = declaredTypes(spec.columns, names, shownAs);
  const columns = typed.map((column) => {
    const type = declared.get(column.name);
    return type === undefined ? column : { ...column, type, form: column.form === 'exact' ? 'plain' : column.form };
  });
  return { path: file.path, shownAs, columns, longestRow: longestRow ?? 0 };
}

function missingIn(spec: SourceSpec, { typed, mode }: IdentifiedSource, { last }: SourceContext) {
  const present = new Set(typed?.map(({ name }) => name));
  const known = mode === 'append' ? (last?.columns ?? []) : [];
  return known.filter(({ name }) => !present.has(name) && !(spec.provenance === true && PROVENANCE.includes(name)));
}

const DIRECT =
  /^(VARCHAR|BOOLEAN|SMALLINT|INTEGER|BIGINT|FLOAT|DOUBLE|DATE|TIMESTAMP|TIMESTAMP WITH TIME ZONE|UUID|DECIMAL\(\d+,\d+\))$/;

function strictSelect(reading: Reading): string {
  const direct = ({ type, form }: TypedColumn) => form === 'plain' && DIRECT.test(type);
  const values = reading.columns.map((column) => {
    const name = quoteName(column.name);
    if (direct(column)) return name;
    const checked =
      column.form === 'exact' ? `case when ${isInexact(name)} then error('inexact') else ${name} end` : name;
    return `${converted(column, checked, 'cast')} as ${name}`;
  });
  return `select ${values.join(', ')} from ${readCsv(reading, (column) => (direct(column) ? column.type : 'VARCHAR'))}`;
}

function tolerantSelect(reading: Reading): string {
  const values = reading.columns.map((column) => {
    const name = quoteName(column.name);
    return `${converted(column, name, 'try_cast')} as ${name}`;
  });
  const good = reading.columns.flatMap((column) => badnessOf(column).map((bad) => `not coalesce(${bad}, false)`));
  const where = good.length > 0 ? ` where ${good.join(' and ')}` : '';
  return `select ${values.join(', ')} from ${readCsv(reading, () => 'VARCHAR')}${where}`;
}

function rejectsSelect(reading: Reading): string {
  const cases = reading.columns.flatMap((column) =>
    badnessOf(column).map((bad) => {
      const what = misfitSql(column, quoteName(column.name));
      return `when ${bad} then [${quoteText(column.name)}, ${what}]`;
    }),
  );
  const raw = reading.columns.map(({ name }) => `${quoteText(name)}: ${quoteName(name)}`).join(', ');
  const problem = cases.length > 0 ? `case ${cases.join('\n    ')} end` : 'null::varchar[]';
  return `select ${quoteText(reading.shownAs)} as file, dc_row as line, dc_problem[1] as column_name,
    dc_problem[2] as reason, left(dc_raw, 10000) as raw
  from (select dc_row, ${problem} as dc_problem, to_json({${raw}})::varchar as dc_raw
    from (select row_number() over () as dc_row, * from ${readCsv(reading, () => 'VARCHAR')}))
  where dc_problem is not null order by dc_row`;
}

/** Statements that are true where the value does not fit its column. */
function badnessOf(column: TypedColumn): string[] {
  const name = quoteName(column.name);
  if (column.form === 'plain' && column.type === 'VARCHAR') return [];
  const unfit = `(${name} is not null and ${converted(column, name, 'try_cast')} is null)`;
  return column.form === 'exact' ? [`(${unfit} or ${isInexact(name)})`] : [unfit];
}

function isInexact(value: string): string {
  return `regexp_matches(${value}, '\\.\\d{10}\\d*[1-9]')`;
}

function converted({ type, form }: TypedColumn, value: string, word: 'cast' | 'try_cast'): string {
  switch (form) {
    case 'plain':
    case 'exact':
      return type === 'VARCHAR' ? value : `${word}(${value} as ${type})`;
    case 'list':
      return `${word}(${word}(${value}::json as varchar[]) as ${type})`;
    case 'hex':
      return `unhex(${value})`;
    default:
      return unreachable(form);
  }
}

const LINE_BYTES = 2 * 1024 * 1024;

function readCsv({ path, columns, longestRow }: Reading, typeOf: (column: TypedColumn) => string): string {
  const read = columns.map((column) => `${quoteName(column.name)}: ${quoteText(typeOf(column))}`).join(', ');
  return `read_csv(${quoteText(path)}, auto_detect = false, header = false, columns = {${read}}, delim = ',',
    quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, ${lineSize(Math.max(LINE_BYTES, longestRow + 1))})`;
}

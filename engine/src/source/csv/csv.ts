import type { Column, CsvSource } from '@datacraft/shared';
import { asSaid, Fault, isFault, say } from '@datacraft/shared';
import { reasonSaid } from '@datacraft/shared/portuguese';
import type { DuckSession } from '../../duckdb/session.ts';
import { identifyPath } from '../s3/identify-path.ts';
import { rejectedFault } from '../rejected-fault.ts';
import type { OpenedSource, SniffedSource, SourceAdapter } from '../source.ts';
import { prepareCsv, type PreparedCsv } from './prepare.ts';
import { rejectsStatement, selectStatement, type RejectTables } from './statement.ts';

/**
 * Reads delimited text. The layout (encoding, delimiter, header, types, decimal sign, date order) is decided from a
 * sample by our own rules and told to DuckDB in full; DuckDB parses.
 *
 * C1  The same bytes and the same spec give the same rows.
 * C2  Every record of the file is in `select` or in `rejects` (I7).
 * C3  `rejects: fail` never leaves a bad row out: DuckDB stops, and `explain` says where and why.
 *
 * It does not guess within values: a column that is not plainly a number or a date stays text, with a warning.
 */
export const csvAdapter: SourceAdapter<CsvSource> = {
  identify: (spec, context) => identifyPath(spec, context),

  async open(spec, identified, session, context): Promise<OpenedSource> {
    const prepared = await prepareCsv(spec, identified, context, 'all');
    const tables = rejectTables(prepared);
    const tolerant = selectStatement(prepared.reads, tables);
    const rejects = rejectsStatement(prepared.reads, tables);
    const select = spec.rejects === 'table' ? tolerant : selectStatement(prepared.reads, null);
    const columns = await checkReadable(session, select, prepared);
    const explain = (error: unknown) => explainFailure(error, session, tolerant, rejects, prepared);
    return { select, columns, rejects: spec.rejects === 'table' ? rejects : null, explain };
  },

  async sniff(spec, identified, session, context): Promise<SniffedSource> {
    const prepared = await prepareCsv(spec, identified, context, 'sample');
    const tables = rejectTables(prepared);
    const select = selectStatement(prepared.reads, tables);
    await checkReadable(session, select, prepared);
    const preview = await session.rows(`select * from (${select}) limit 101`, { limit: 100 });
    const bad = await firstReject(session, rejectsStatement(prepared.reads, tables));
    const [file, line, , reason] = bad ?? [];
    const why = asSaid(reasonSaid(String(reason)));
    const holes = { file: String(file), line: String(line), why };
    const warnings = bad ? [say('rows are rejected, first {file} line {line}: {why}', holes)] : [];
    return {
      options: chosenOptions(prepared),
      columns: preview.columns,
      preview,
      warnings: [...prepared.warnings, ...warnings],
    };
  },
};

/** A pass that the preview's limit cut short leaves no table of rejects: then nothing is said of them. */
async function firstReject(session: DuckSession, rejects: string): Promise<readonly unknown[] | null> {
  try {
    return (await session.rows(`select * from (${rejects}) limit 1`)).rows[0] ?? null;
  } catch (error) {
    if (isFault(error, 'query-failed')) return null;
    throw error;
  }
}

let opened = 0;

/** Names must be new in the session, which may open several sources. */
function rejectTables(prepared: PreparedCsv): readonly RejectTables[] {
  return prepared.reads.map(() => {
    const number = ++opened;
    return { rows: `csv_rejects_${number}`, scans: `csv_scans_${number}` };
  });
}

/** Finds odd types and options before any row is read. */
async function checkReadable(session: DuckSession, select: string, prepared: PreparedCsv): Promise<readonly Column[]> {
  try {
    return await session.describe(select);
  } catch (error) {
    if (!isFault(error, 'query-failed')) throw error;
    throw unreadable(error, prepared);
  }
}

function unreadable(error: Fault, prepared: PreparedCsv): Fault {
  const file = prepared.reads[0]?.files[0]?.shownAs ?? 'the file';
  const reason = withoutPaths(error.message.split('\n')[0] ?? '', prepared);
  return new Fault(
    'source-unreadable',
    say('{file} cannot be read with these options: {reason}', { file, reason }),
    { file },
    { cause: error },
  );
}

function withoutPaths(text: string, prepared: PreparedCsv): string {
  return prepared.reads
    .flatMap(({ files }) => files)
    .reduce((message, { path, shownAs }) => message.replaceAll(path, shownAs), text);
}

/** Hashing whole rows makes DuckDB convert every column; a bare count would skip the bad values. */
async function explainFailure(
  error: unknown,
  session: DuckSession,
  tolerant: string,
  rejects: string,
  prepared: PreparedCsv,
): Promise<unknown> {
  if (!isFault(error, 'query-failed')) return error;
  try {
    await session.run(`select count(*) filter (where hash(t) is null) from (${tolerant}) t`);
    const page = await session.rows(rejects, { limit: 1, countTotal: true });
    const first = page.rows[0];
    return first ? rejectedFault(first, page.totalRows ?? 1, 'line', error) : error;
  } catch (second) {
    return isFault(second, 'query-failed') ? unreadable(second, prepared) : second;
  }
}

function chosenOptions(prepared: PreparedCsv): SniffedSource['options'] {
  const layout = prepared.reads[0]?.layout;
  if (!layout) return {};
  return {
    delimiter: layout.delimiter,
    quote: layout.quote,
    escape: layout.escape,
    encoding: prepared.encoding,
    header: layout.header,
    skip: layout.skip,
    decimal: layout.decimal,
    ...(layout.thousands === '' ? {} : { thousands: layout.thousands }),
    ...(layout.dateFormat === null ? {} : { date_format: layout.dateFormat }),
    ...(layout.timestampFormat === null ? {} : { timestamp_format: layout.timestampFormat }),
    ...(layout.nullValues.length > 1
      ? { null_values: layout.nullValues.filter((value) => value !== '').join(', ') }
      : {}),
  };
}

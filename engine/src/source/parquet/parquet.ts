import { open } from 'node:fs/promises';
import type { Column, ParquetSource } from '@datacraft/shared';
import { Fault, isFault, say } from '@datacraft/shared';
import type { DuckSession } from '../../duckdb/session.ts';
import { declaredTypes } from '../declared-columns.ts';
import { identifyPath } from '../s3/identify-path.ts';
import { misfitSql } from '../reason-sql.ts';
import { rejectedFault } from '../rejected-fault.ts';
import type { IdentifiedSource, OpenedSource, ResolvedFile, SourceAdapter } from '../source.ts';
import { quoteName, quoteText, quoteTexts } from '../sql-text.ts';

/**
 * Reads Parquet files, one or many, as one relation.
 *
 * P1  A column that several files have has one type: numbers widen, anything else that differs is a fault.
 * P2  A column that a file lacks is NULL in its rows.
 *
 * Rows of a Parquet file are typed, so a row can be bad only by a declared type (`columns:`) that it does not fit.
 */
export const parquetAdapter: SourceAdapter<ParquetSource> = {
  async identify(spec, context) {
    const identified = await identifyPath(spec, context);
    for (const file of identified.files) await checkFooter(file);
    return identified;
  },

  async open(spec, identified, session): Promise<OpenedSource> {
    const declared = await declaredCasts(spec, identified, session);
    const { casts } = declared;
    const rejects = rejectsStatement(identified, declared);
    if (rejects === null)
      return {
        select: baseSelect(identified),
        rejects: null,
        ...(identified.files.length === 1 ? { columns: declared.columns } : {}),
      };
    if (spec.rejects === 'table') return { select: castSelect(identified, casts, true), rejects };
    return {
      select: castSelect(identified, casts, false),
      rejects: null,
      explain: async (error) => {
        if (!isFault(error, 'query-failed')) return error;
        const page = await session.rows(rejects, { limit: 1, countTotal: true });
        const first = page.rows[0];
        return first ? rejectedFault(first, page.totalRows ?? 1, 'row', error) : error;
      },
    };
  },

  async sniff(spec, identified, session) {
    const { casts } = await declaredCasts(spec, identified, session);
    const preview = await session.rows(`select * from (${castSelect(identified, casts, true)}) limit 101`, {
      limit: 100,
    });
    return { options: { files: identified.files.length }, columns: preview.columns, preview, warnings: [] };
  },
};

type Casts = ReadonlyMap<string, string>;

interface Declared {
  /** As the files have them. */
  readonly columns: readonly Column[];
  readonly names: readonly string[];
  readonly casts: Casts;
}

function readCall(identified: IdentifiedSource, extra = ''): string {
  const many = identified.files.length > 1 ? ', union_by_name = true' : '';
  return `read_parquet(${quoteTexts(identified.files.map(({ path }) => path))}${many}${extra}, hive_partitioning = false)`;
}

function baseSelect(identified: IdentifiedSource): string {
  return `select * from ${readCall(identified)}`;
}

function castSelect(identified: IdentifiedSource, casts: Casts, tolerant: boolean): string {
  if (casts.size === 0) return baseSelect(identified);
  const word = tolerant ? 'try_cast' : 'cast';
  const replaced = [...casts].map(([name, type]) => `${word}(${quoteName(name)} as ${type}) as ${quoteName(name)}`);
  const good = [...casts].map((cast) => `not (${isBad(cast)})`).join(' and ');
  return `select * replace (${replaced.join(', ')}) from ${readCall(identified)}${tolerant ? ` where ${good}` : ''}`;
}

function isBad([name, type]: readonly [string, string]): string {
  return `(${quoteName(name)} is not null and try_cast(${quoteName(name)} as ${type}) is null)`;
}

function rejectsStatement(identified: IdentifiedSource, { names: columns, casts }: Declared): string | null {
  if (casts.size === 0) return null;
  const raw = columns.map((name) => `${quoteText(name)}: t.${quoteName(name)}`).join(', ');
  const names = identified.files.map(({ path, shownAs }) => `(${quoteText(path)}, ${quoteText(shownAs)})`).join(', ');
  const column = [...casts].map((cast) => `when ${isBad(cast)} then ${quoteText(cast[0])}`).join(' ');
  const reason = [...casts]
    .map(
      (cast) =>
        `when ${isBad(cast)} then ${misfitSql({ name: cast[0], type: cast[1] }, `${quoteName(cast[0])}::varchar`)}`,
    )
    .join(' ');
  const source = readCall(identified, ", filename = 'dc_file', file_row_number = true");
  return `select n.shown as file, t.file_row_number + 1 as line, case ${column} end as column_name, case ${reason} end as reason,
  to_json({${raw}})::varchar as raw
from ${source} t join (values ${names}) n(path, shown) on n.path = t.dc_file
where ${[...casts].map(isBad).join(' or ')} order by file, line`;
}

async function declaredCasts(
  spec: ParquetSource,
  identified: IdentifiedSource,
  session: DuckSession,
): Promise<Declared> {
  const columns = await commonColumns(
    identified,
    session,
    new Set(Object.keys(spec.columns ?? {}).map((name) => name.toLowerCase())),
  );
  const names = columns.map(({ name }) => name);
  return { columns, names, casts: declaredTypes(spec.columns, names, identified.files[0]?.shownAs ?? '') };
}

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

/** Columns of all files together. Files whose types clash cannot be one relation. */
async function commonColumns(
  identified: IdentifiedSource,
  session: DuckSession,
  declared: ReadonlySet<string>,
): Promise<readonly Column[]> {
  const seen = new Map<string, { readonly column: Column; readonly shownAs: string }>();
  for (const file of identified.files) {
    for (const column of await describeFile(file, session)) {
      const known = seen.get(column.name.toLowerCase());
      if (!known) seen.set(column.name.toLowerCase(), { column, shownAs: file.shownAs });
      else if (!agree(known.column.type, column.type) && !declared.has(column.name.toLowerCase())) {
        throw new Fault(
          'source-unreadable',
          say(
            'column "{name}" is {type} in {one} but {found} in {other}; declare its type with columns: { {name}: varchar }, or read the files as two sources',
            { name: column.name, type: known.column.type, one: known.shownAs, found: column.type, other: file.shownAs },
          ),
          { file: file.shownAs, columnName: column.name },
        );
      }
    }
  }
  return [...seen.values()].map(({ column }) => column);
}

function agree(left: string, right: string): boolean {
  return left === right || (NUMBER.test(left) && NUMBER.test(right));
}

async function describeFile(file: ResolvedFile, session: DuckSession): Promise<readonly Column[]> {
  try {
    return await session.describe(`select * from read_parquet(${quoteText(file.path)}, hive_partitioning = false)`);
  } catch (error) {
    if (!isFault(error, 'query-failed')) throw error;
    const reason = (error.message.split('\n')[0] ?? '').replaceAll(file.path, file.shownAs);
    throw new Fault(
      'source-unreadable',
      say('{shownAs} is a damaged Parquet file: {reason}; get it again', { shownAs: file.shownAs, reason }),
      { file: file.shownAs },
      { cause: error },
    );
  }
}

const MAGIC = 'PAR1';

/** The footer is what a broken download lacks: its length and the magic are the last eight bytes. */
async function checkFooter(file: ResolvedFile): Promise<void> {
  const handle = await open(file.path, 'r');
  try {
    const tail = Buffer.alloc(8);
    if (file.sizeBytes >= 12) await handle.read(tail, 0, 8, file.sizeBytes - 8);
    const footerBytes = tail.readUInt32LE(0);
    if (tail.toString('latin1', 4) === MAGIC && footerBytes + 12 <= file.sizeBytes) return;
  } finally {
    await handle.close();
  }
  throw new Fault(
    'source-unreadable',
    say('{shownAs} begins as Parquet but has no valid footer: it is cut off or still being written; get it again', {
      shownAs: file.shownAs,
    }),
    { file: file.shownAs },
  );
}

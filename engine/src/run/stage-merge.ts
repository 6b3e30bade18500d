import type { Column } from '@datacraft/shared';
import { columnList, partitionsOf, quoteIdentifier, quoteLiteral } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { ManifestEntry } from '../iceberg/manifest.ts';
import type { LoadedTable, StagedTable } from '../iceberg/table.ts';
import { stagedAsItIs } from '../iceberg/write.ts';
import { changesSelect, keysOf, laterSql, mergeSelect, sameKey } from '../materialize/merge.ts';
import type { Survey } from './survey.ts';
import type { PartWork } from './touched-files.ts';
import { filesInRanges, isMostOf, rowsOfFiles, stageInPlaceOf } from './touched-files.ts';

export interface PartMerge {
  /** The table, whose files can be told apart. */
  readonly table: LoadedTable;
  readonly columns: readonly Column[];
  readonly survey: Survey;
  /** With `unmatched: delete`: a relation that has every key of the cell's result. */
  readonly source: string | undefined;
}

/**
 * A merge that writes only the files that hold a key of the new rows, those of `__incoming`, and nothing where they
 * change nothing. With `insert_only` those files are only read. With `unmatched: delete` the new rows are all there are:
 * of the files those are written that hold a row that changes, or one whose key `source` has not. Null where
 * most of them are written: then the whole table is.
 */
export async function stageMerge(work: PartWork, merge: PartMerge): Promise<StagedTable | null> {
  const { cell, relation, task, session } = work;
  const { table, columns, survey, source } = merge;
  const { spec } = cell;
  const keys = columnList(spec.unique_key);
  const { near, met, isNewer, isLatest } = await metFiles(work, merge);
  const every = source === undefined ? near : await filesInRanges(table, [[]], task);
  const gone = source === undefined ? new Set<string>() : await filesWithGone(work, [...every.keys()], source);
  const known = `(${rowsOfFiles(table, [...met])})`;
  if (!isNewer && gone.size === 0 && (await changesNothing(work, known, columns))) {
    const asItIs = stagedAsItIs(table, partitionsOf(spec.partition_by), relation);
    if (asItIs !== null) return asItIs;
  }
  const came = source === undefined || spec.insert_only === true ? INCOMING : await nameChanged(work, known, columns);
  const changed = came === CHANGED ? await filesMet(session, [...met], keys, { came }) : { paths: met };
  const written = new Set([...gone, ...(spec.insert_only === true ? [] : changed.paths)]);
  const touched = new Map([...every].filter(([path]) => written.has(path)));
  if (isMostOf(table, touched)) return null;
  const parts = { incoming: came, current: `(${rowsOfFiles(table, [...touched.keys()])})`, known, isLatest };
  const select = mergeSelect(spec, source === undefined ? parts : { ...parts, source });
  return stageInPlaceOf(work, { table, touched, select, columns, isShuffled: true, partition: survey.partition });
}

const INCOMING = '"__incoming"';
/** The new rows that are new or not as they are there. */
const CHANGED = '"__changed"';

async function nameChanged({ cell, session }: PartWork, known: string, columns: readonly Column[]): Promise<string> {
  await session.run(`create temp table ${CHANGED} as ${changesSelect(cell.spec, INCOMING, known, columns)}`);
  return CHANGED;
}

interface MetFiles {
  /** Those that can hold a key of the new rows, by their bounds. */
  readonly near: ReadonlyMap<string, ManifestEntry>;
  /** Those of them that do. */
  readonly met: ReadonlySet<string>;
  /** Some new row is later than the one of its key there. */
  readonly isNewer: boolean;
  /** Each new row is the only one of its key, and no row there is later. */
  readonly isLatest: boolean;
}

async function metFiles({ cell: { spec }, session, task }: PartWork, { table, survey }: PartMerge): Promise<MetFiles> {
  const keys = columnList(spec.unique_key);
  const { ranges, isUnique } = survey;
  const near = await filesInRanges(table, ranges.length === 0 ? [] : [ranges], task);
  const sequence = spec.insert_only === true ? undefined : spec.sequence_by;
  const { paths, isNewer, isOlder } = await filesMet(session, [...near.keys()], keys, { came: INCOMING, sequence });
  return { near, met: paths, isNewer, isLatest: isUnique === true && !isOlder };
}

/** The data files in which a row is whose key the source does not have. Reads key columns alone, of all of them. */
async function filesWithGone(
  { cell: { spec }, session }: PartWork,
  files: readonly string[],
  source: string,
): Promise<ReadonlySet<string>> {
  if (files.length === 0) return new Set();
  const keys = keysOf(spec);
  const { rows } = await session.rows(
    `select distinct "there"."__file" from (
       select ${keys.join(', ')}, filename as "__file"
         from read_parquet([${files.map(quoteLiteral).join(', ')}], filename = true, hive_partitioning = false)) as "there"
      anti join ${source} as "source" on ${sameKey(keys, 'source')}`,
  );
  return new Set(rows.map(([file]) => String(file)));
}

interface Met {
  readonly paths: ReadonlySet<string>;
  readonly isNewer: boolean;
  readonly isOlder: boolean;
}

/**
 * The data files in which a key of the rows that came is, and whether one of those rows is of a later sequence than the
 * row of its key there, or of an earlier one. Reads key columns alone, of row groups in whose bounds one can be.
 */
async function filesMet(
  session: DuckSession,
  files: readonly string[],
  keys: readonly string[],
  { came, sequence }: { readonly came: string; readonly sequence?: string | undefined },
): Promise<Met> {
  if (files.length === 0) return { paths: new Set(), isNewer: false, isOlder: false };
  const list = files.map(quoteLiteral).join(', ');
  const read = [...new Set([...keys, ...(sequence === undefined ? [] : [sequence])])].map(quoteIdentifier).join(', ');
  const same = keys.map((key) => `"there".${quoteIdentifier(key)} = "new".${quoteIdentifier(key)}`).join(' and ');
  const newer =
    sequence === undefined ? 'false' : `"new".${quoteIdentifier(sequence)} > "there".${quoteIdentifier(sequence)}`;
  const [isNewer, isOlder] = [newer, laterSql(sequence)].map((test) => `coalesce(bool_or(${test}), false)`);
  const { rows } = await session.rows(
    `select "there"."__file", ${isNewer ?? ''}, ${isOlder ?? ''} from (
       select ${read}, filename as "__file"
         from read_parquet([${list}], filename = true, hive_partitioning = false)) as "there"
      join ${came} as "new" on ${same} group by all`,
  );
  return {
    paths: new Set(rows.map(([file]) => String(file))),
    isNewer: rows.some(([, is]) => is === true),
    isOlder: rows.some(([, , is]) => is === true),
  };
}

/** The same rows once more, or older ones: the table is what it was. */
async function changesNothing(
  { cell, session }: PartWork,
  known: string,
  columns: readonly Column[],
): Promise<boolean> {
  const changes = changesSelect(cell.spec, INCOMING, known, columns);
  return (await session.rows(`select 1 from (${changes}) limit 1`)).rows.length === 0;
}

import type { Column } from '@datacraft/shared';
import { partitionsOf, quoteIdentifier, quoteLiteral } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { ColumnRange } from '../iceberg/prune.ts';
import type { StagedTable } from '../iceberg/table.ts';
import { stagedAsItIs } from '../iceberg/write.ts';
import { changesSelect, incrementalWrite } from '../materialize/incremental.ts';
import type { PartWork } from './touched-files.ts';
import { filesInRanges, isMostOf, nameTouched, stageInPlaceOf, tableInParts } from './touched-files.ts';

/**
 * A merge that writes only the files that hold a key of the new rows, those of `__incoming`, and nothing where they
 * change nothing. Null where the files cannot be told apart, or most of them are touched: then the whole table is written.
 */
export async function stageMerge(work: PartWork, columns: readonly Column[]): Promise<StagedTable | null> {
  const { cell, relation, task, session } = work;
  const keys = [cell.spec.unique_key ?? []].flat();
  const table = await tableInParts(work, columns);
  if (table === null) return null;
  const ranges = await keyRanges(session, keys);
  const near = await filesInRanges(table, ranges.length === 0 ? [] : [ranges], task);
  const { paths, isNewer } = await touchedFiles(session, [...near.keys()], keys, cell.spec.sequence_by);
  const touched = new Map([...near].filter(([path]) => paths.has(path)));
  await nameTouched(session, table, [...paths]);
  if (!isNewer && (await changesNothing(work, columns))) {
    const asItIs = stagedAsItIs(table, partitionsOf(cell.spec.partition_by), relation);
    if (asItIs !== null) return asItIs;
  }
  if (isMostOf(table, touched)) return null;
  const { select } = incrementalWrite(cell.spec, '"__incoming"', '"__touched"', columns);
  return stageInPlaceOf(work, { table, touched, select, columns });
}

/** Between which values the new rows' keys are; empty without a row. */
async function keyRanges(session: DuckSession, keys: readonly string[]): Promise<ColumnRange[]> {
  const ends = keys.map(quoteIdentifier).flatMap((name) => [`min(${name})::varchar`, `max(${name})::varchar`]);
  const { rows } = await session.rows(`select ${ends.join(', ')} from "__incoming"`);
  const texts = rows[0] ?? [];
  return keys.flatMap((column, at) => {
    const [min, max] = [texts[2 * at], texts[2 * at + 1]];
    return typeof min === 'string' && typeof max === 'string' ? [{ column, min, max }] : [];
  });
}

/**
 * The data files in which a key of the new rows is, and whether one of those rows is of a later sequence than the row of
 * its key there. Reads key columns alone, of row groups in whose bounds one can be.
 */
async function touchedFiles(
  session: DuckSession,
  files: readonly string[],
  keys: readonly string[],
  sequence: string | undefined,
): Promise<{ readonly paths: ReadonlySet<string>; readonly isNewer: boolean }> {
  if (files.length === 0) return { paths: new Set(), isNewer: false };
  const list = files.map(quoteLiteral).join(', ');
  const read = [...new Set([...keys, ...(sequence === undefined ? [] : [sequence])])].map(quoteIdentifier).join(', ');
  const same = keys.map((key) => `"there".${quoteIdentifier(key)} = "new".${quoteIdentifier(key)}`).join(' and ');
  const [order, newer] =
    sequence === undefined
      ? ['', 'false']
      : [
          quoteIdentifier(sequence),
          `coalesce(bool_or("new".${quoteIdentifier(sequence)} > "there".${quoteIdentifier(sequence)}), false)`,
        ];
  const { rows } = await session.rows(
    `select "there"."__file", ${newer} as "__newer" from (
       select ${read}, filename as "__file"
         from read_parquet([${list}], filename = true, hive_partitioning = false)) as "there"
      ${order === '' ? 'semi ' : ''}join "__incoming" as "new" on ${same} group by all`,
  );
  return { paths: new Set(rows.map(([file]) => String(file))), isNewer: rows.some(([, isNewer]) => isNewer === true) };
}

/** The same rows once more, or older ones: the table is what it was. */
async function changesNothing({ cell, session }: PartWork, columns: readonly Column[]): Promise<boolean> {
  const changes = changesSelect(cell.spec, '"__incoming"', '"__touched"', columns);
  return (await session.rows(`select 1 from (${changes}) limit 1`)).rows.length === 0;
}

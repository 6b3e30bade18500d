import type { Column, RelationRef } from '@datacraft/shared';
import { partitionsOf, quoteIdentifier, quoteLiteral } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { liveEntries, loadTable } from '../iceberg/load-table.ts';
import { currentSnapshot } from '../iceberg/metadata.ts';
import { scanOf } from '../iceberg/scan.ts';
import type { LoadedTable, ReplacedFiles, StagedTable } from '../iceberg/table.ts';
import { incrementalWrite } from '../materialize/incremental.ts';
import type { TaskContext } from './execute.ts';
import { stageSelect } from './task.ts';

export interface MergeWork {
  readonly cell: SqlCell;
  readonly relation: RelationRef;
  readonly task: TaskContext;
  readonly session: DuckSession;
}

/** When so much of a table is touched anyway, all of it is written anew, as fewer files. */
const MOST_TOUCHED = 0.6;

/**
 * A merge that writes only the files that hold a key of the new rows: those of `__incoming`, into what `__current`
 * shows. Null where the files cannot be told apart, or most of them are touched: then the whole table is written.
 */
export async function stageMerge(work: MergeWork, columns: readonly Column[]): Promise<StagedTable | null> {
  const { cell, relation, task, session } = work;
  const table = await loadTable(task.deps.db, task.deps.lake, relation);
  const keys = [cell.spec.unique_key ?? []].flat();
  if (table === null || !table.uniform || !sameColumns(table.columns, columns)) return null;
  if (await hasUnkeyed(session, keys)) return null;
  const touched = await touchedFiles(session, table, keys);
  const replaced = await replacedOf(table, touched, task);
  if (replaced === null || replaced.rows > table.rows * MOST_TOUCHED) return null;
  await session.run(`create view "__touched" as ${scanOf({ fields: table.fields, files: touched, uniform: true })}`);
  const { select } = incrementalWrite(cell.spec, '"__incoming"', '"__touched"', columns);
  return stageSelect(session, relation, select, 'append', task, partitionsOf(cell.spec.partition_by), replaced);
}

/** Rows of other columns may not be added to files as they are. */
function sameColumns(table: readonly Column[], incoming: readonly Column[]): boolean {
  const types = new Map(table.map(({ name, type }) => [name.toLowerCase(), type]));
  return table.length === incoming.length && incoming.every(({ name, type }) => types.get(name.toLowerCase()) === type);
}

/** Rows with a NULL in their key are told apart by all their values, wherever they are. */
async function hasUnkeyed(session: DuckSession, keys: readonly string[]): Promise<boolean> {
  const some = keys.map((key) => `${quoteIdentifier(key)} is null`).join(' or ');
  const { rows } = await session.rows(`select 1 from "__incoming" where ${some} limit 1`);
  return rows.length > 0;
}

/** The data files in which a key of the new rows is. Reads key columns alone, of row groups in whose bounds one can be. */
async function touchedFiles(session: DuckSession, { files }: LoadedTable, keys: readonly string[]): Promise<string[]> {
  if (files.length === 0) return [];
  const list = files.map(quoteLiteral).join(', ');
  const same = keys.map((key) => `"there".${quoteIdentifier(key)} = "new".${quoteIdentifier(key)}`).join(' and ');
  const { rows } = await session.rows(
    `select distinct "there"."__file" from (
       select ${keys.map(quoteIdentifier).join(', ')}, filename as "__file"
         from read_parquet([${list}], filename = true, hive_partitioning = false)) as "there"
      semi join "__incoming" as "new" on ${same}`,
  );
  return rows.map(([file]) => String(file));
}

/** By the names that the table has for them; null when somebody published meanwhile. */
async function replacedOf(
  table: LoadedTable,
  touched: readonly string[],
  { deps: { lake } }: TaskContext,
): Promise<ReplacedFiles | null> {
  const entries = await liveEntries(lake, currentSnapshot(table.metadata));
  const byPath = new Map(entries.map(({ data_file: file }) => [lake.pathOf(file.file_path), file]));
  const found = touched.flatMap((path) => byPath.get(path) ?? []);
  if (found.length !== touched.length) return null;
  return {
    paths: new Set(touched),
    urls: new Set(found.map((file) => file.file_path)),
    rows: found.reduce((sum, file) => sum + file.record_count, 0),
  };
}

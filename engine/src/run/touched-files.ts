/**
 * The data files of a table that new rows concern, so that an incremental cell writes those and leaves the others as they
 * are.
 */
import type { Column, RelationRef } from '@datacraft/shared';
import { partitionsOf } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { liveEntries } from '../iceberg/load-table.ts';
import type { ManifestEntry } from '../iceberg/manifest.ts';
import { avroName } from '../iceberg/manifest-schema.ts';
import { currentSnapshot, type PartitionSpec, specOf } from '../iceberg/metadata.ts';
import { resolvePartition, withSpec } from '../iceberg/partition/partition-field.ts';
import type { PartitionValue } from '../iceberg/partition/partition-value.ts';
import type { ColumnRange } from '../iceberg/prune.ts';
import { filesWithin } from '../iceberg/prune.ts';
import { scanOf } from '../iceberg/scan.ts';
import type { LoadedTable, ReplacedFiles, StagedTable } from '../iceberg/table.ts';
import type { TaskContext } from './execute.ts';
import { stageSelect } from './task.ts';

export interface PartWork {
  readonly cell: SqlCell;
  readonly relation: RelationRef;
  readonly task: TaskContext;
  readonly session: DuckSession;
}

/** When so much of a table is touched anyway, all of it is written anew, as fewer files. */
const MOST_TOUCHED = 0.6;

/** The table, when its files are such that some can be left as they are beside rows of these columns. */
export async function tableInParts(
  { relation, task }: PartWork,
  columns: readonly Column[],
): Promise<LoadedTable | null> {
  const table = await task.table(relation);
  return table !== null && table.uniform && sameColumns(table.columns, columns) ? table : null;
}

/** Rows of other columns may not be added to files as they are. */
function sameColumns(table: readonly Column[], incoming: readonly Column[]): boolean {
  const types = new Map(table.map(({ name, type }) => [name.toLowerCase(), type]));
  return table.length === incoming.length && incoming.every(({ name, type }) => types.get(name.toLowerCase()) === type);
}

/** Data files by their paths that can hold a row in one of these ranges; each is of some columns, all of which must fit. */
export async function filesInRanges(
  table: LoadedTable,
  ranges: readonly (readonly ColumnRange[])[],
  { deps: { lake } }: TaskContext,
): Promise<Map<string, ManifestEntry>> {
  const entries = await liveEntries(lake, currentSnapshot(table.metadata));
  const found = new Set(ranges.flatMap((range) => filesWithin(entries, table.fields, range)));
  return new Map([...found].map((entry) => [lake.pathOf(entry.data_file.file_path), entry]));
}

/** A SELECT of the rows of these files. */
export function rowsOfFiles({ fields }: LoadedTable, paths: readonly string[]): string {
  return scanOf({ fields, files: paths, uniform: true });
}

export interface Replacing {
  readonly table: LoadedTable;
  readonly touched: ReadonlyMap<string, ManifestEntry>;
  /** The rows that come in the place of those of `touched`. */
  readonly select: string;
  readonly columns: readonly Column[];
  readonly isShuffled?: boolean;
  /** The one partition that all rows which came are of; null when it is not known. */
  readonly partition?: readonly PartitionValue[] | null;
}

export function isMostOf(table: LoadedTable, touched: ReadonlyMap<string, ManifestEntry>): boolean {
  return rowsIn(touched) > table.rows * MOST_TOUCHED;
}

export async function stageInPlaceOf(
  { cell, relation, task, session }: PartWork,
  { table, touched, select, columns, isShuffled = false, partition = null }: Replacing,
): Promise<StagedTable> {
  const partitionBy = partitionsOf(cell.spec.partition_by);
  const fields = resolvePartition(partitionBy, table.fields, relation);
  const isOne = partition !== null && isAllOf(partition, specOf(withSpec(table.metadata, fields)), touched);
  const replaced: ReplacedFiles = {
    paths: new Set(touched.keys()),
    urls: new Set([...touched.values()].map((entry) => entry.data_file.file_path)),
    rows: rowsIn(touched),
  };
  return stageSelect(session, relation, select, 'append', task, {
    partitionBy,
    replaced,
    columns,
    isShuffled,
    only: isOne ? partition : null,
  });
}

/** Whether these files hold rows of this partition alone. */
function isAllOf(
  partition: readonly PartitionValue[],
  spec: PartitionSpec,
  files: ReadonlyMap<string, ManifestEntry>,
): boolean {
  const names = spec.fields.map(({ name }) => avroName(name));
  return [...files.values()].every(
    ({ specId, data_file: file }) =>
      specId === spec['spec-id'] && names.every((name, at) => (file.partition[name] ?? null) === partition[at]),
  );
}

function rowsIn(touched: ReadonlyMap<string, ManifestEntry>): number {
  return [...touched.values()].reduce((sum, entry) => sum + entry.data_file.record_count, 0);
}

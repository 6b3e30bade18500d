import type { PartitionTransform } from '@datacraft/shared';
import type { DuckSession } from '../../duckdb/session.ts';
import { loadTable } from '../../iceberg/load-table.ts';
import type { LoadedTable, StagedTable } from '../../iceberg/table.ts';
import type { StreamMemory } from '../../store/stream-memory.ts';
import type { TaskContext } from '../execute.ts';
import { stageSelect } from '../task.ts';

/** Rows that will not change any more, and rows that the next commit makes again. */
export interface Parts {
  readonly final: string;
  readonly open: string;
}

export interface StagedParts {
  readonly staged: StagedTable;
  readonly open: StreamMemory['open'];
}

type Open = NonNullable<StreamMemory['open']>;

/** The table while the files of its open rows are its own: they can be replaced, and all others stay as they are. */
export async function replaceable(
  ref: StagedTable['ref'],
  open: Open | null,
  task: TaskContext,
): Promise<LoadedTable | null> {
  const table = open === null ? null : await loadTable(task.deps.db, task.deps.lake, ref);
  if (open === null || table === null) return null;
  const live = new Set(table.files);
  return open.files.every((url) => live.has(task.deps.lake.pathOf(url))) ? table : null;
}

/** Puts both parts in the place of the rows that were open. */
export async function stageReplacing(
  session: DuckSession,
  table: LoadedTable,
  before: Open,
  parts: Parts,
  task: TaskContext,
  partitionBy: readonly PartitionTransform[],
): Promise<StagedParts> {
  const { ref } = table;
  const urls = new Set(before.files);
  const paths = new Set(before.files.map((url) => task.deps.lake.pathOf(url)));
  const replaced = { urls, paths, rows: before.rows };
  const final = await stageSelect(session, ref, parts.final, 'append', task, { partitionBy, replaced });
  const open = await stageSelect(session, ref, parts.open, 'append', task, { partitionBy, replaced });
  return { staged: joined(final, open), open: openOf(open) };
}

/** Writes the whole table: its parts apart, where the table is there already. */
export async function stageAnew(
  session: DuckSession,
  ref: StagedTable['ref'],
  parts: Parts,
  task: TaskContext,
  partitionBy: readonly PartitionTransform[],
): Promise<StagedParts> {
  if ((await loadTable(task.deps.db, task.deps.lake, ref)) === null) {
    const both = `${parts.final}\nunion all by name\n${parts.open}`;
    return { staged: await stageSelect(session, ref, both, 'overwrite', task, { partitionBy }), open: null };
  }
  const final = await stageSelect(session, ref, parts.final, 'overwrite', task, { partitionBy });
  const open = await stageSelect(session, ref, parts.open, 'overwrite', task, { partitionBy });
  return { staged: joined(final, open), open: openOf(open) };
}

/** Two writes of one table as one. */
function joined(first: StagedTable, second: StagedTable): StagedTable {
  return {
    ...second,
    files: [...new Set([...first.files, ...second.files])],
    writtenFiles: [...first.writtenFiles, ...second.writtenFiles],
    rows: first.rows + second.rows,
    totalRows: first.rows + second.totalRows,
    sizeBytes: first.sizeBytes + second.sizeBytes,
    dataFiles: [...first.dataFiles, ...second.dataFiles],
  };
}

function openOf({ dataFiles, rows }: StagedTable): Open {
  return { files: dataFiles.map(({ url }) => url), rows };
}

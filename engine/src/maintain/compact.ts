import type { RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { filesToCompact, transformsOf } from '../iceberg/compaction.ts';
import { liveEntries, loadTable } from '../iceberg/load-table.ts';
import { currentSnapshot } from '../iceberg/metadata.ts';
import { replaceFiles } from '../iceberg/replace-files.ts';
import { scanOf } from '../iceberg/scan.ts';
import type { LoadedTable, StagedTable } from '../iceberg/table.ts';
import { planWrite, stage } from '../iceberg/write.ts';
import { withPrivateSession } from '../query/private-session.ts';
import { loadRelations } from '../store/relations.ts';
import type { MaintainDeps } from './maintain.ts';

export interface Compacted {
  readonly filesBefore: number;
  readonly filesAfter: number;
  /** Of the files that were written anew. */
  readonly sizeBytes: number;
}

/**
 * Writes a table's small files as fewer, as a new snapshot of the same rows. What the catalogue says of the table stays
 * as it was, so that nothing that reads it is stale. Null when there is nothing to do, or somebody published meanwhile.
 */
export async function compactTable(
  ref: RelationRef,
  deps: MaintainDeps,
  { dryRun, signal }: { readonly dryRun: boolean; readonly signal?: AbortSignal },
): Promise<Compacted | null> {
  const table = await loadTable(deps.db, deps.lake, ref);
  if (!table) return null;
  const live = await liveEntries(deps.lake, currentSnapshot(table.metadata));
  const open = await openFiles(ref, deps);
  const settled = live.filter((entry) => !open.has(entry.data_file.file_path));
  const small = filesToCompact(table.metadata, settled);
  if (small.length === 0 || transformsOf(table.metadata) === null) return null;
  const sizeBytes = small.reduce((sum, entry) => sum + entry.data_file.file_size_in_bytes, 0);
  const urls = new Set(small.map((entry) => entry.data_file.file_path));
  const partitions = new Set(small.map((entry) => JSON.stringify(entry.data_file.partition, plainNumber))).size;
  if (dryRun) return { filesBefore: small.length, filesAfter: partitions, sizeBytes };
  const staged = await rewrite(table, [...urls], deps, signal);
  const rows = small.reduce((sum, entry) => sum + entry.data_file.record_count, 0);
  if (staged.rows !== rows) throw new Error(`compacting ${relationName(ref)} read ${staged.rows} rows of ${rows}`);
  const options = { nowMs: deps.now().getTime() };
  const committed = await deps.db.transaction((tx) => replaceFiles(tx, deps.lake, staged, urls, options));
  return committed && { filesBefore: small.length, filesAfter: staged.dataFiles.length, sizeBytes };
}

/** Files that a streaming cell writes anew with its next commit: they stay its own. */
async function openFiles(ref: RelationRef, { db }: MaintainDeps): Promise<ReadonlySet<string>> {
  const relation = (await loadRelations(db, [ref])).get(relationName(ref));
  return new Set(relation?.definition?.stream?.open?.files);
}

function plainNumber(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function rewrite(
  table: LoadedTable,
  urls: readonly string[],
  deps: MaintainDeps,
  signal: AbortSignal | undefined,
): Promise<StagedTable> {
  const files = urls.map((url) => deps.lake.pathOf(url));
  return withPrivateSession({ readable: files, signal }, deps, async (session, writableDir) => {
    const partitionBy = transformsOf(table.metadata) ?? [];
    const { ref, columns } = table;
    const write = { current: table, ref, columns, mode: 'append', lake: deps.lake, writableDir, partitionBy } as const;
    const plan = planWrite(write);
    for (const sql of plan.setup) await session.run(sql);
    return stage(plan, await session.rows(plan.copySql(scanOf({ ...table, files }))), deps.lake);
  });
}

import type { RelationRef } from '@datacraft/shared';
import type { LakeFile } from '../lake/lake.ts';
import { countIn, type ListedManifest, liveOf } from './load-table.ts';
import { exactJson, type Long } from './long.ts';
import { encodeManifestList, entryStatus, type ManifestEntry, type ManifestFile } from './manifest.ts';
import { mergeStaged } from './merge-staged.ts';
import { currentSnapshot, emptyMetadata, type Snapshot, type TableMetadata } from './metadata.ts';
import { withSchema, withSnapshot } from './next-metadata.ts';
import {
  addedEntries,
  bySpec,
  deletedEntry,
  hasLiveFiles,
  type NextManifests,
  nextManifests,
  type Writing,
  type WrittenManifest,
  writtenBeside,
} from './next-manifests.ts';
import { withSpec } from './partition/partition-field.ts';
import type { StagedTable } from './table.ts';
import { holdsAll, staysUniform, uniformMark } from './uniform.ts';

/** What a table is when its turn to commit comes. */
export interface CommitBase {
  readonly metadataLocation: string;
  readonly metadata: TableMetadata;
  readonly manifests: readonly ManifestFile[];
  /** The same with their live data files; not read when the commit only adds to them. */
  readonly listed: readonly ListedManifest[] | null;
}

/** An append to so many manifests writes them as one: Iceberg's own default. Fewer would rewrite more often, more would make every read open more files. */
export const MANIFESTS_TO_MERGE = 100;

export interface CommitChance {
  readonly nowMs: number;
  readonly newUuid: () => string;
  readonly newSnapshotId: () => Long;
  readonly newSync: () => Buffer;
}

export interface BuiltCommit {
  readonly ref: RelationRef;
  readonly previousLocation: string | null;
  readonly metadataLocation: string;
  readonly snapshotId: Long;
  readonly rows: number;
  readonly files: readonly LakeFile[];
  /** Of those the manifests. */
  readonly written: readonly WrittenManifest[];
}

/** All files of a table's next state, and what the catalog will say. Pure but for the chance it is given. */
export function buildCommit(
  staged: StagedTable,
  base: CommitBase | null,
  properties: Readonly<Record<string, string>>,
  chance: CommitChance,
): BuiltCommit {
  const before = base?.metadata ?? emptyMetadata(staged.location, chance.newUuid());
  const fields = base ? mergeStaged(before, staged) : staged.fields;
  const evolved = withSpec(withSchema(before, fields, staged.lastColumnId), staged.partition);
  const id = freshSnapshotId(before, chance.newSnapshotId);
  const sequenceNumber = before['last-sequence-number'] + 1;
  const parent = currentSnapshot(before);
  const writing: Writing = { metadata: evolved, id, sequenceNumber, chance };
  const { manifests, written } = manifestsAfter(writing, staged, base);
  const list = {
    url: `${before.location}/metadata/snap-${id}-1-${chance.newUuid()}.avro`,
    bytes: encodeManifestList(
      manifests,
      { id, parentId: parent?.['snapshot-id'] ?? null, sequenceNumber },
      chance.newSync(),
    ),
  };
  const uniform =
    holdsAll(fields, staged.writtenFields) && (staged.mode === 'overwrite' || staysUniform(parent, evolved));
  const summary = { ...properties, ...uniformMark(uniform), ...summaryOf(staged, parent, liveOf(base?.listed ?? [])) };
  const metadata = withSnapshot(
    evolved,
    {
      'sequence-number': sequenceNumber,
      'snapshot-id': id,
      ...(parent ? { 'parent-snapshot-id': parent['snapshot-id'] } : {}),
      'timestamp-ms': Math.max(chance.nowMs, before['last-updated-ms'] + 1),
      'manifest-list': list.url,
      summary,
    },
    base?.metadataLocation ?? null,
  );
  const version = String(sequenceNumber - 1).padStart(5, '0');
  const metadataLocation = `${before.location}/metadata/${version}-${chance.newUuid()}.metadata.json`;
  return {
    ref: staged.ref,
    previousLocation: base?.metadataLocation ?? null,
    metadataLocation,
    snapshotId: id,
    rows: Number(summary['total-records']),
    written,
    files: [...written, list, { url: metadataLocation, bytes: Buffer.from(exactJson(metadata)) }],
  };
}

/** Of a table with too many manifests, one of all its files; else those that hold what is replaced are written anew. */
function manifestsAfter(writing: Writing, staged: StagedTable, base: CommitBase | null): NextManifests {
  const { mode, replaced } = staged;
  const added = addedEntries(writing, staged);
  const listed = base?.listed ?? null;
  if (mode === 'append' && listed !== null && listed.length < MANIFESTS_TO_MERGE)
    return nextManifests(writing, added, listed, replaced);
  const isMerge = mode === 'append' && listed !== null;
  const old = liveOf(listed ?? []).map((entry) =>
    isMerge && !replaced.has(entry.data_file.file_path)
      ? { ...entry, status: entryStatus.existing }
      : deletedEntry(entry, writing.id),
  );
  const kept = mode === 'append' && !isMerge ? (base?.manifests ?? []).filter(hasLiveFiles) : [];
  return writtenBeside(writing, [added, ...bySpec(old)], kept);
}

function summaryOf(
  staged: StagedTable,
  parent: Snapshot | null,
  live: readonly ManifestEntry[],
): Record<string, string> {
  const isAppend = staged.mode === 'append';
  const gone = isAppend ? live.filter((entry) => staged.replaced.has(entry.data_file.file_path)) : live;
  const sum = (figure: (entry: ManifestEntry) => number): number => gone.reduce((all, one) => all + figure(one), 0);
  const [goneRows, goneBytes] = [
    sum((entry) => entry.data_file.record_count),
    sum((entry) => entry.data_file.file_size_in_bytes),
  ];
  const kept = (key: string, less: number): number => (isAppend ? countIn(parent, key) - less : 0);
  const figures: Record<string, number> = {
    'added-data-files': staged.dataFiles.length,
    'added-records': staged.rows,
    'added-files-size': staged.sizeBytes,
    'deleted-data-files': gone.length,
    'deleted-records': goneRows,
    'removed-files-size': goneBytes,
    'total-data-files': kept('total-data-files', gone.length) + staged.dataFiles.length,
    'total-records': kept('total-records', goneRows) + staged.rows,
    'total-files-size': kept('total-files-size', goneBytes) + staged.sizeBytes,
    'total-delete-files': 0,
    'total-position-deletes': 0,
    'total-equality-deletes': 0,
  };
  return {
    operation: isAppend && gone.length === 0 ? 'append' : 'overwrite',
    ...Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, String(value)])),
  };
}

export function freshSnapshotId(metadata: TableMetadata, newSnapshotId: () => Long): Long {
  for (let tries = 0; tries < 100; tries++) {
    const id = newSnapshotId();
    if (!metadata.snapshots.some((snapshot) => snapshot['snapshot-id'] === id)) return id;
  }
  throw new Error(`no free snapshot id for ${metadata.location}: the random source repeats itself`);
}

import type { RelationRef } from '@datacraft/shared';
import type { LakeFile } from '../lake/lake.ts';
import { countIn } from './load-table.ts';
import { exactJson, type Long } from './long.ts';
import {
  addedEntry,
  encodeManifest,
  encodeManifestList,
  entryStatus,
  type ManifestEntry,
  type ManifestFile,
} from './manifest.ts';
import { avroName } from './manifest-schema.ts';
import { mergeStaged } from './merge-staged.ts';
import { currentSnapshot, emptyMetadata, schemaOf, type Snapshot, specOf, type TableMetadata } from './metadata.ts';
import { withSchema, withSnapshot } from './next-metadata.ts';
import { withSpec } from './partition/partition-field.ts';
import { avroTypeOf, resultTypeOf, summaryOf as partitionSummary } from './partition/partition-value.ts';
import type { StagedTable } from './table.ts';
import { holdsAll, staysUniform, uniformMark } from './uniform.ts';

/** What a table is when its turn to commit comes. */
export interface CommitBase {
  readonly metadataLocation: string;
  readonly metadata: TableMetadata;
  readonly manifests: readonly ManifestFile[];
  /** The live data files; not read when the commit only adds to them. */
  readonly live: readonly ManifestEntry[] | null;
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
  const { manifests, files } = buildManifests(writing, staged, base);
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
  const summary = { ...properties, ...uniformMark(uniform), ...summaryOf(staged, parent, base?.live ?? []) };
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
    files: [...files, list, { url: metadataLocation, bytes: Buffer.from(exactJson(metadata)) }],
  };
}

export interface Writing {
  readonly metadata: TableMetadata;
  readonly id: Long;
  readonly sequenceNumber: number;
  readonly chance: CommitChance;
}

function buildManifests(
  writing: Writing,
  staged: StagedTable,
  base: CommitBase | null,
): { manifests: ManifestFile[]; files: LakeFile[] } {
  const spec = specOf(writing.metadata);
  const names = spec.fields.map((field) => avroName(field.name));
  const added = staged.dataFiles.map((file) => addedEntry(file, writing.id, spec, names));
  const live = base?.live ?? [];
  const isMerge = staged.mode === 'append' && base?.live != null;
  const old = live.map((entry) =>
    isMerge && !staged.replaced.has(entry.data_file.file_path)
      ? { ...entry, status: entryStatus.existing }
      : deletedEntry(entry, writing.id),
  );
  const kept = staged.mode === 'append' && !isMerge ? (base?.manifests ?? []).filter(hasLiveFiles) : [];
  const written = [added, ...bySpec(old)]
    .filter((entries) => entries.length > 0)
    .map((entries) => writeManifest(writing, entries));
  return { manifests: [...written.map((one) => one.manifest), ...kept], files: written.map((one) => one.file) };
}

/** A manifest holds files of one spec. */
export function bySpec(entries: readonly ManifestEntry[]): ManifestEntry[][] {
  return [...Map.groupBy(entries, (entry) => entry.specId).values()];
}

export function hasLiveFiles(manifest: ManifestFile): boolean {
  return manifest.added_files_count + manifest.existing_files_count > 0;
}

export function deletedEntry(entry: ManifestEntry, snapshotId: Long): ManifestEntry {
  return { ...entry, status: entryStatus.deleted, snapshot_id: snapshotId };
}

export function writeManifest(
  writing: Writing,
  entries: readonly ManifestEntry[],
): { manifest: ManifestFile; file: LakeFile } {
  const { metadata, id, sequenceNumber, chance } = writing;
  const spec = specOf(metadata, entries[0]?.specId);
  const partition = spec.fields.map((field) => ({
    name: avroName(field.name),
    fieldId: field['field-id'],
    resultType: resultTypeOf(metadata, field),
  }));
  const typed = partition.map((field) => ({ ...field, type: avroTypeOf(field.resultType) }));
  const bytes = encodeManifest(entries, schemaOf(metadata), spec, typed, chance.newSync());
  const url = `${metadata.location}/metadata/${chance.newUuid()}-m0.avro`;
  const count = (status: number): { files: number; rows: number } => {
    const found = entries.filter((entry) => entry.status === status);
    return { files: found.length, rows: found.reduce((sum, entry) => sum + entry.data_file.record_count, 0) };
  };
  const [added, existing, deleted] = [
    count(entryStatus.added),
    count(entryStatus.existing),
    count(entryStatus.deleted),
  ];
  const manifest: ManifestFile = {
    manifest_path: url,
    manifest_length: bytes.length,
    partition_spec_id: spec['spec-id'],
    content: 0,
    sequence_number: sequenceNumber,
    min_sequence_number: lowestSequence(entries, sequenceNumber),
    added_snapshot_id: id,
    added_files_count: added.files,
    existing_files_count: existing.files,
    deleted_files_count: deleted.files,
    added_rows_count: added.rows,
    existing_rows_count: existing.rows,
    deleted_rows_count: deleted.rows,
    partitions: partition.map(({ name, resultType }) =>
      partitionSummary(
        resultType,
        entries.map((entry) => entry.data_file.partition[name] ?? null),
      ),
    ),
    key_metadata: null,
  };
  return { manifest, file: { url, bytes } };
}

/** Of the live entries, as the specification has it. */
function lowestSequence(entries: readonly ManifestEntry[], own: number): number {
  const live = entries.filter((entry) => entry.status !== entryStatus.deleted);
  return Math.min(own, ...live.map((entry) => entry.sequence_number ?? own));
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

/**
 * The manifests of a table's next state: those of the state before that stay as they are, and those that are written.
 */
import type { LakeFile } from '../lake/lake.ts';
import type { CommitChance } from './build-commit.ts';
import type { ListedManifest } from './load-table.ts';
import type { Long } from './long.ts';
import { addedEntry, encodeManifest, entryStatus, type ManifestEntry, type ManifestFile } from './manifest.ts';
import { avroName } from './manifest-schema.ts';
import { schemaOf, specOf, type TableMetadata } from './metadata.ts';
import { avroTypeOf, resultTypeOf, summaryOf as partitionSummary } from './partition/partition-value.ts';
import type { StagedTable } from './table.ts';

export interface Writing {
  readonly metadata: TableMetadata;
  readonly id: Long;
  readonly sequenceNumber: number;
  readonly chance: CommitChance;
}

export interface WrittenManifest extends LakeFile {
  readonly entries: readonly ManifestEntry[];
}

export interface NextManifests {
  /** All of the state, newest first. */
  readonly manifests: readonly ManifestFile[];
  readonly written: readonly WrittenManifest[];
}

/** Manifests without a replaced file stay; the entries of the others are written anew, beside the added files. */
export function nextManifests(
  writing: Writing,
  added: readonly ManifestEntry[],
  listed: readonly ListedManifest[],
  replaced: ReadonlySet<string>,
): NextManifests {
  const isReplaced = (entry: ManifestEntry) => replaced.has(entry.data_file.file_path);
  const [touched, rest] = [true, false].map((is) => listed.filter(({ live }) => live.some(isReplaced) === is));
  const old = (touched ?? []).flatMap(({ live }) =>
    live.map((entry) =>
      isReplaced(entry) ? deletedEntry(entry, writing.id) : { ...entry, status: entryStatus.existing },
    ),
  );
  const kept = (rest ?? []).map(({ manifest }) => manifest).filter(hasLiveFiles);
  return writtenBeside(writing, [added, ...bySpec(old)], kept);
}

export function writtenBeside(
  writing: Writing,
  groups: readonly (readonly ManifestEntry[])[],
  kept: readonly ManifestFile[],
): NextManifests {
  const written = groups.filter((entries) => entries.length > 0).map((entries) => writeManifest(writing, entries));
  return { manifests: [...written.map((one) => one.manifest), ...kept], written: written.map((one) => one.file) };
}

export function addedEntries({ metadata, id }: Writing, { dataFiles }: StagedTable): ManifestEntry[] {
  const spec = specOf(metadata);
  const names = spec.fields.map((field) => avroName(field.name));
  return dataFiles.map((file) => addedEntry(file, id, spec, names));
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

function writeManifest(
  writing: Writing,
  entries: readonly ManifestEntry[],
): { readonly manifest: ManifestFile; readonly file: WrittenManifest } {
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
  return { manifest, file: { url, bytes, entries } };
}

/** Of the live entries, as the specification has it. */
function lowestSequence(entries: readonly ManifestEntry[], own: number): number {
  const live = entries.filter((entry) => entry.status !== entryStatus.deleted);
  return Math.min(own, ...live.map((entry) => entry.sequence_number ?? own));
}

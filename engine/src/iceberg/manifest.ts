import { decodeAvro, encodeAvro } from './avro-file.ts';
import type { Long } from './long.ts';
import { manifestEntrySchema, manifestFileSchema, type ManifestPartition } from './manifest-schema.ts';
import type { IcebergSchema, PartitionSpec } from './metadata.ts';
import type { PartitionSummary, PartitionValue } from './partition/partition-value.ts';
import type { DataFile } from './table.ts';

export const entryStatus = { existing: 0, added: 1, deleted: 2 } as const;

type KeyValue<Value> = readonly { readonly key: number; readonly value: Value }[];

/** Records as the Avro files have them. Sequence numbers are null in a new entry: it takes its manifest's. */
export interface ManifestEntry {
  readonly status: number;
  readonly snapshot_id: Long | null;
  readonly sequence_number: number | null;
  readonly file_sequence_number: number | null;
  /** Of the manifest it stands in; not a part of its record. */
  readonly specId: number;
  readonly data_file: {
    readonly content: number;
    readonly file_path: string;
    readonly file_format: string;
    readonly partition: Readonly<Record<string, PartitionValue>>;
    readonly record_count: number;
    readonly file_size_in_bytes: number;
    readonly column_sizes: KeyValue<number> | null;
    readonly value_counts: KeyValue<number> | null;
    readonly null_value_counts: KeyValue<number> | null;
    readonly nan_value_counts: KeyValue<number> | null;
    readonly lower_bounds: KeyValue<Buffer> | null;
    readonly upper_bounds: KeyValue<Buffer> | null;
    readonly key_metadata: Buffer | null;
    readonly split_offsets: readonly number[] | null;
    readonly equality_ids: readonly number[] | null;
    readonly sort_order_id: number | null;
  };
}

export interface ManifestFile {
  readonly manifest_path: string;
  readonly manifest_length: number;
  readonly partition_spec_id: number;
  readonly content: number;
  readonly sequence_number: number;
  readonly min_sequence_number: number;
  readonly added_snapshot_id: Long;
  readonly added_files_count: number;
  readonly existing_files_count: number;
  readonly deleted_files_count: number;
  readonly added_rows_count: number;
  readonly existing_rows_count: number;
  readonly deleted_rows_count: number;
  readonly partitions: readonly PartitionSummary[] | null;
  readonly key_metadata: Buffer | null;
}

export function addedEntry(
  file: DataFile,
  snapshotId: Long,
  spec: PartitionSpec,
  names: readonly string[],
): ManifestEntry {
  return {
    status: entryStatus.added,
    snapshot_id: snapshotId,
    sequence_number: null,
    file_sequence_number: null,
    specId: spec['spec-id'],
    data_file: {
      content: 0,
      file_path: file.url,
      file_format: 'PARQUET',
      partition: Object.fromEntries(names.map((name, at) => [name, file.partition[at] ?? null])),
      record_count: file.rows,
      file_size_in_bytes: file.sizeBytes,
      column_sizes: pairs(file.columnSizes),
      value_counts: pairs(file.valueCounts),
      null_value_counts: pairs(file.nullCounts),
      nan_value_counts: pairs(file.nanCounts),
      lower_bounds: pairs(file.lowerBounds),
      upper_bounds: pairs(file.upperBounds),
      key_metadata: null,
      split_offsets: null,
      equality_ids: null,
      sort_order_id: 0,
    },
  };
}

function pairs<Value>(map: ReadonlyMap<number, Value>): KeyValue<Value> {
  return Array.from(map, ([key, value]) => ({ key, value }));
}

export function encodeManifest(
  entries: readonly ManifestEntry[],
  schema: IcebergSchema,
  spec: PartitionSpec,
  partition: readonly ManifestPartition[],
  sync: Buffer,
): Buffer {
  const header = {
    schema: JSON.stringify(schema),
    'schema-id': String(schema['schema-id']),
    'partition-spec': JSON.stringify(spec.fields),
    'partition-spec-id': String(spec['spec-id']),
    'format-version': '2',
    content: 'data',
  };
  return encodeAvro(manifestEntrySchema(partition), entries, header, sync);
}

export function encodeManifestList(
  manifests: readonly ManifestFile[],
  snapshot: { readonly id: Long; readonly parentId: Long | null; readonly sequenceNumber: number },
  sync: Buffer,
): Buffer {
  const header = {
    'snapshot-id': String(snapshot.id),
    'parent-snapshot-id': String(snapshot.parentId),
    'sequence-number': String(snapshot.sequenceNumber),
    'format-version': '2',
  };
  return encodeAvro(manifestFileSchema, manifests, header, sync);
}

export function decodeManifestList(bytes: Buffer): ManifestFile[] {
  return decodeAvro(bytes).records as ManifestFile[];
}

export function decodeManifest(bytes: Buffer): ManifestEntry[] {
  return decodeAvro(bytes).records as ManifestEntry[];
}

/** Entries with the sequence numbers that new ones take from their manifest. */
export function inheritSequence(entries: readonly ManifestEntry[], manifest: ManifestFile): ManifestEntry[] {
  return entries.map((entry) => ({
    ...entry,
    specId: manifest.partition_spec_id,
    snapshot_id: entry.snapshot_id ?? manifest.added_snapshot_id,
    sequence_number: entry.sequence_number ?? manifest.sequence_number,
    file_sequence_number: entry.file_sequence_number ?? manifest.sequence_number,
  }));
}

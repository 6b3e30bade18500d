import { Fault, say } from '@datacraft/shared';
import type { IceField } from './field-type.ts';
import { type Long, parseExactJson } from './long.ts';

/** The metadata file of a table, as its JSON has it. */
export interface IcebergSchema {
  readonly type: 'struct';
  readonly 'schema-id': number;
  readonly fields: readonly IceField[];
}

export interface PartitionSpec {
  readonly 'spec-id': number;
  readonly fields: readonly { 'source-id': number; 'field-id': number; name: string; transform: string }[];
}

export interface Snapshot {
  readonly 'sequence-number': number;
  readonly 'snapshot-id': Long;
  readonly 'parent-snapshot-id'?: Long;
  readonly 'timestamp-ms': number;
  readonly 'manifest-list': string;
  readonly 'schema-id': number;
  readonly summary: Readonly<Record<string, string>>;
}

export interface TableMetadata {
  readonly 'format-version': 2;
  readonly 'table-uuid': string;
  readonly location: string;
  readonly 'last-sequence-number': number;
  readonly 'last-updated-ms': number;
  readonly 'last-column-id': number;
  readonly 'current-schema-id': number;
  readonly schemas: readonly IcebergSchema[];
  readonly 'default-spec-id': number;
  readonly 'partition-specs': readonly PartitionSpec[];
  readonly 'last-partition-id': number;
  readonly 'default-sort-order-id': number;
  readonly 'sort-orders': readonly { readonly 'order-id': number; readonly fields: readonly unknown[] }[];
  readonly properties: Readonly<Record<string, string>>;
  readonly 'current-snapshot-id': Long;
  readonly refs: Readonly<Record<string, { readonly 'snapshot-id': Long; readonly type: string }>>;
  readonly snapshots: readonly Snapshot[];
  readonly statistics: readonly unknown[];
  readonly 'snapshot-log': readonly { readonly 'timestamp-ms': number; readonly 'snapshot-id': Long }[];
  readonly 'metadata-log': readonly { readonly 'timestamp-ms': number; readonly 'metadata-file': string }[];
}

export const NO_SNAPSHOT = -1;

/** A table that has no schema, no snapshot and no file yet. */
export function emptyMetadata(location: string, uuid: string): TableMetadata {
  return {
    'format-version': 2,
    'table-uuid': uuid,
    location,
    'last-sequence-number': 0,
    'last-updated-ms': 0,
    'last-column-id': 0,
    'current-schema-id': 0,
    schemas: [],
    'default-spec-id': 0,
    'partition-specs': [{ 'spec-id': 0, fields: [] }],
    'last-partition-id': 999,
    'default-sort-order-id': 0,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    properties: { 'write.format.default': 'parquet', 'write.parquet.compression-codec': 'zstd' },
    'current-snapshot-id': NO_SNAPSHOT,
    refs: {},
    snapshots: [],
    statistics: [],
    'snapshot-log': [],
    'metadata-log': [],
  };
}

export function parseMetadata(bytes: Buffer, location: string): TableMetadata {
  const metadata = readJson(bytes, location);
  if (metadata['format-version'] !== 2) {
    throw new Fault(
      'unsupported',
      say('expected Iceberg format version 2, got {version} in {location}', {
        version: String(metadata['format-version']),
        location,
      }),
    );
  }
  return metadata;
}

function readJson(bytes: Buffer, location: string): TableMetadata {
  try {
    return parseExactJson(bytes.toString('utf8')) as TableMetadata;
  } catch (cause) {
    const file = location.split('/').slice(-3).join('/');
    const message = say("the table's metadata file {file} is damaged; restore the lake's folder from a backup", {
      file,
    });
    throw new Fault('internal', message, { file }, { cause });
  }
}

export function schemaOf(metadata: TableMetadata, schemaId = metadata['current-schema-id']): IcebergSchema {
  const found = metadata.schemas.find((schema) => schema['schema-id'] === schemaId);
  return found ?? { type: 'struct', 'schema-id': schemaId, fields: [] };
}

export function specOf(metadata: TableMetadata, specId = metadata['default-spec-id']): PartitionSpec {
  const found = metadata['partition-specs'].find((spec) => spec['spec-id'] === specId);
  return found ?? { 'spec-id': 0, fields: [] };
}

export function currentSnapshot(metadata: TableMetadata): Snapshot | null {
  return snapshotById(metadata, metadata['current-snapshot-id']);
}

export function snapshotById(metadata: TableMetadata, id: Long | null): Snapshot | null {
  return metadata.snapshots.find((snapshot) => snapshot['snapshot-id'] === id) ?? null;
}

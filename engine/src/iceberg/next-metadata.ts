import type { IceField } from './field-type.ts';
import { highestId } from './field-type.ts';
import { type IcebergSchema, type Snapshot, type TableMetadata, schemaOf } from './metadata.ts';

/** How many earlier metadata files the log names: Iceberg's own default. */
const METADATA_LOG_LENGTH = 100;

/** The metadata with `fields` as its current schema, known or new. */
export function withSchema(metadata: TableMetadata, fields: readonly IceField[], lastColumnId: number): TableMetadata {
  const text = JSON.stringify(fields);
  const known = metadata.schemas.find((schema) => JSON.stringify(schema.fields) === text);
  const schema: IcebergSchema = known ?? {
    type: 'struct',
    'schema-id': Math.max(-1, ...metadata.schemas.map((one) => one['schema-id'])) + 1,
    fields,
  };
  return {
    ...metadata,
    schemas: known ? metadata.schemas : [...metadata.schemas, schema],
    'current-schema-id': schema['schema-id'],
    'last-column-id': Math.max(metadata['last-column-id'], lastColumnId, highestId(fields)),
  };
}

/** The metadata with `snapshot` as its current one. `previous` is the metadata file that this one follows. */
export function withSnapshot(
  metadata: TableMetadata,
  snapshot: Omit<Snapshot, 'schema-id'>,
  previous: string | null,
): TableMetadata {
  const { 'timestamp-ms': timestampMs, 'snapshot-id': id } = snapshot;
  const follows = previous === null ? [] : [{ 'timestamp-ms': metadata['last-updated-ms'], 'metadata-file': previous }];
  return {
    ...metadata,
    'last-sequence-number': snapshot['sequence-number'],
    'last-updated-ms': timestampMs,
    snapshots: [...metadata.snapshots, { ...snapshot, 'schema-id': schemaOf(metadata)['schema-id'] }],
    'current-snapshot-id': id,
    refs: { ...metadata.refs, main: { 'snapshot-id': id, type: 'branch' } },
    'snapshot-log': [...metadata['snapshot-log'], { 'timestamp-ms': timestampMs, 'snapshot-id': id }],
    'metadata-log': [...metadata['metadata-log'], ...follows].slice(-METADATA_LOG_LENGTH),
  };
}

/** The metadata after a change that made no snapshot. `previous` is the metadata file that this one follows. */
export function withLog(
  metadata: TableMetadata,
  timestampMs: number,
  previous: TableMetadata['metadata-log'][number],
): TableMetadata {
  return {
    ...metadata,
    'last-updated-ms': timestampMs,
    'metadata-log': [...metadata['metadata-log'], previous].slice(-METADATA_LOG_LENGTH),
  };
}

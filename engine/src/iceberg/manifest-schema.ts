import { type AvroSchema, avroSchema } from './avro-file.ts';

/** Avro schemas of manifests and manifest lists, Iceberg v2, with the field ids of the specification. */
type Shape = string | { readonly [key: string]: unknown } | readonly unknown[];

const required = (name: string, id: number, type: Shape): object => ({ name, type, 'field-id': id });
const optional = (name: string, id: number, type: Shape): object => ({
  name,
  type: ['null', type],
  default: null,
  'field-id': id,
});
const listOf = (elementId: number, type: string): Shape => ({ type: 'array', items: type, 'element-id': elementId });
const mapOf = (keyId: number, valueId: number, type: string): Shape => ({
  type: 'array',
  logicalType: 'map',
  items: {
    type: 'record',
    name: `k${keyId}_v${valueId}`,
    fields: [required('key', keyId, 'int'), required('value', valueId, type)],
  },
});

/** A field of the partition record, under a name that Avro takes. */
export interface ManifestPartition {
  readonly name: string;
  readonly fieldId: number;
  readonly type: Shape;
}

/** Avro's names are letters, digits and `_`; others are written as Iceberg writes them. */
export function avroName(name: string): string {
  const plain = name.replaceAll(
    /[^A-Za-z0-9_]/gu,
    (letter) => `_x${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
  );
  return /^[0-9]/.test(plain) ? `_${plain}` : plain;
}

/** `partition` is a record of the spec's fields: of the unpartitioned spec, none. */
const dataFile = (partition: readonly ManifestPartition[]) => ({
  type: 'record',
  name: 'r2',
  fields: [
    required('content', 134, 'int'),
    required('file_path', 100, 'string'),
    required('file_format', 101, 'string'),
    required('partition', 102, {
      type: 'record',
      name: 'r102',
      fields: partition.map(({ name, fieldId, type }) => optional(name, fieldId, type)),
    }),
    required('record_count', 103, 'long'),
    required('file_size_in_bytes', 104, 'long'),
    optional('column_sizes', 108, mapOf(117, 118, 'long')),
    optional('value_counts', 109, mapOf(119, 120, 'long')),
    optional('null_value_counts', 110, mapOf(121, 122, 'long')),
    optional('nan_value_counts', 137, mapOf(138, 139, 'long')),
    optional('lower_bounds', 125, mapOf(126, 127, 'bytes')),
    optional('upper_bounds', 128, mapOf(129, 130, 'bytes')),
    optional('key_metadata', 131, 'bytes'),
    optional('split_offsets', 132, listOf(133, 'long')),
    optional('equality_ids', 135, listOf(136, 'int')),
    optional('sort_order_id', 140, 'int'),
  ],
});

export const manifestEntrySchema = (partition: readonly ManifestPartition[]): AvroSchema =>
  avroSchema(
    JSON.stringify({
      type: 'record',
      name: 'manifest_entry',
      fields: [
        required('status', 0, 'int'),
        optional('snapshot_id', 1, 'long'),
        optional('sequence_number', 3, 'long'),
        optional('file_sequence_number', 4, 'long'),
        required('data_file', 2, dataFile(partition)),
      ],
    }),
  );

const partitionSummary = {
  type: 'record',
  name: 'r508',
  fields: [
    required('contains_null', 509, 'boolean'),
    optional('contains_nan', 518, 'boolean'),
    optional('lower_bound', 510, 'bytes'),
    optional('upper_bound', 511, 'bytes'),
  ],
};

export const manifestFileSchema = avroSchema(
  JSON.stringify({
    type: 'record',
    name: 'manifest_file',
    fields: [
      required('manifest_path', 500, 'string'),
      required('manifest_length', 501, 'long'),
      required('partition_spec_id', 502, 'int'),
      required('content', 517, 'int'),
      required('sequence_number', 515, 'long'),
      required('min_sequence_number', 516, 'long'),
      required('added_snapshot_id', 503, 'long'),
      required('added_files_count', 504, 'int'),
      required('existing_files_count', 505, 'int'),
      required('deleted_files_count', 506, 'int'),
      required('added_rows_count', 512, 'long'),
      required('existing_rows_count', 513, 'long'),
      required('deleted_rows_count', 514, 'long'),
      optional('partitions', 507, { type: 'array', items: partitionSummary, 'element-id': 508 }),
      optional('key_metadata', 519, 'bytes'),
    ],
  }),
);

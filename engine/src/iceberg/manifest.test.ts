import { describe, expect, it } from 'vitest';
import { decodeAvro } from './avro-file.ts';
import {
  addedEntry,
  decodeManifest,
  decodeManifestList,
  encodeManifest,
  encodeManifestList,
  inheritSequence,
  type ManifestFile,
} from './manifest.ts';

const schema = {
  type: 'struct',
  'schema-id': 3,
  fields: [{ id: 1, name: 'id', required: false, type: 'long' }],
} as const;
const sync = Buffer.alloc(16, 7);
const file = {
  url: 'file:///lake/data/a.parquet',
  rows: 5,
  sizeBytes: 123,
  columnSizes: new Map([[1, 60]]),
  valueCounts: new Map([[1, 5]]),
  nullCounts: new Map([[1, 0]]),
  nanCounts: new Map<number, number>(),
  lowerBounds: new Map([[1, Buffer.from([1])]]),
  upperBounds: new Map([[1, Buffer.from([2])]]),
  partition: [],
};
const manifest: ManifestFile = {
  manifest_path: 'file:///lake/metadata/m0.avro',
  manifest_length: 9,
  partition_spec_id: 0,
  content: 0,
  sequence_number: 4,
  min_sequence_number: 4,
  added_snapshot_id: 8_999_999_999_999_999,
  added_files_count: 1,
  existing_files_count: 0,
  deleted_files_count: 0,
  added_rows_count: 5,
  existing_rows_count: 0,
  deleted_rows_count: 0,
  partitions: [],
  key_metadata: null,
};

/** Every `field-id`, `element-id` of the schema that stands in the file's header. */
function idsInHeader(bytes: Buffer): number[] {
  const text = decodeAvro(bytes).metadata['avro.schema'] ?? '';
  return [...text.matchAll(/"(?:field-id|element-id)":(\d+)/g)]
    .map((found) => Number(found[1]))
    .toSorted((a, b) => a - b);
}

const plain = { 'spec-id': 0, fields: [] };

describe('a manifest', () => {
  const bytes = encodeManifest([addedEntry(file, 42, plain, [])], schema, plain, [], sync);

  it('keeps the field ids of the specification in its header', () => {
    expect(idsInHeader(bytes)).toEqual([
      ...[
        0, 1, 2, 3, 4, 100, 101, 102, 103, 104, 108, 109, 110, 117, 118, 119, 120, 121, 122, 125, 126, 127, 128, 129,
        130,
      ],
      ...[131, 132, 133, 134, 135, 136, 137, 138, 139, 140],
    ]);
  });

  it('names its schema, spec, version and content', () => {
    expect(decodeAvro(bytes).metadata).toMatchObject({
      schema: JSON.stringify(schema),
      'schema-id': '3',
      'partition-spec': '[]',
      'partition-spec-id': '0',
      'format-version': '2',
      content: 'data',
    });
  });

  it('reads back; a new entry takes the sequence number of its manifest', () => {
    const [entry] = decodeManifest(bytes);
    expect(entry).toMatchObject({ status: 1, snapshot_id: 42, sequence_number: null });
    expect(entry?.data_file).toMatchObject({
      file_path: file.url,
      record_count: 5,
      split_offsets: null,
      lower_bounds: [{ key: 1, value: Buffer.from([1]) }],
    });
    expect(inheritSequence(entry ? [entry] : [], manifest)[0]).toMatchObject({
      sequence_number: 4,
      file_sequence_number: 4,
    });
  });
});

describe('a manifest list', () => {
  it('reads back with its field ids and large snapshot ids', () => {
    const bytes = encodeManifestList(
      [manifest],
      { id: 8_999_999_999_999_999, parentId: null, sequenceNumber: 4 },
      sync,
    );
    expect(decodeManifestList(bytes)).toEqual([manifest]);
    expect(idsInHeader(bytes)).toEqual([
      ...[500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 510, 511, 512, 513, 514],
      ...[515, 516, 517, 518, 519],
    ]);
    expect(decodeAvro(bytes).metadata).toMatchObject({
      'snapshot-id': '8999999999999999',
      'parent-snapshot-id': 'null',
      'sequence-number': '4',
    });
  });

  it('may be empty', () => {
    expect(decodeManifestList(encodeManifestList([], { id: 1, parentId: null, sequenceNumber: 1 }, sync))).toEqual([]);
  });
});

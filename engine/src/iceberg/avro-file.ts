import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Fault, say } from '@datacraft/shared';
import avro from 'avsc';
import { exactLongType } from './long.ts';

/**
 * Avro object container files, whole ones in memory. Our own framing over avsc's binary codec, because avsc's file
 * writer drops the `field-id` attributes that Iceberg needs in the header, unless the raw schema goes in as text.
 */
const MAGIC = Buffer.from([0x4f, 0x62, 0x6a, 0x01]);

const header = avro.Type.forSchema({
  type: 'record',
  name: 'header',
  fields: [
    { name: 'magic', type: { type: 'fixed', name: 'magic', size: 4 } },
    { name: 'meta', type: { type: 'map', values: 'bytes' } },
    { name: 'sync', type: { type: 'fixed', name: 'sync', size: 16 } },
  ],
});
const long = avro.Type.forSchema('long');

export interface AvroSchema {
  readonly text: string;
  readonly type: avro.Type;
  /** The same with longs beyond 2^53; made when the first is met. */
  readonly exact: () => avro.Type;
}

const parsed = new Map<string, AvroSchema>();

export function avroSchema(text: string): AvroSchema {
  const known = parsed.get(text);
  if (known) return known;
  const shape = JSON.parse(text) as avro.Schema;
  let wide: avro.Type | null = null;
  const exact = () => (wide ??= avro.Type.forSchema(shape, { wrapUnions: 'never', registry: { long: exactLongType } }));
  const schema = { text, type: avro.Type.forSchema(shape, { wrapUnions: 'never' }), exact };
  if (parsed.size < 64) parsed.set(text, schema);
  return schema;
}

/** `sync` is 16 random bytes that mark the end of the one block. */
export function encodeAvro(
  schema: AvroSchema,
  records: readonly object[],
  metadata: Readonly<Record<string, string>>,
  sync: Buffer,
): Buffer {
  const meta = { 'avro.schema': schema.text, 'avro.codec': 'deflate', ...metadata };
  const head = header.toBuffer({
    magic: MAGIC,
    meta: Object.fromEntries(Object.entries(meta).map(([key, value]) => [key, Buffer.from(value)])),
    sync,
  });
  if (records.length === 0) return head;
  const block = deflateRawSync(packRecords(schema, records));
  return Buffer.concat([head, long.toBuffer(records.length), long.toBuffer(block.length), block, sync]);
}

/** avsc doubles a long for its zigzag, as a number: from 2^52 on it writes and reads another one, and says nothing. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) < 2 ** 52;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return true;
  return Object.values(value).every(isPlain);
}

function packRecords(schema: AvroSchema, records: readonly object[]): Buffer {
  const pack = (type: avro.Type) => Buffer.concat(records.map((record) => type.toBuffer(record)));
  if (!isPlain(records)) return pack(schema.exact());
  try {
    return pack(schema.type);
  } catch {
    return pack(schema.exact()); // It has a long beyond 2^53, or throws what is wrong with the record.
  }
}

interface Header {
  readonly magic: Buffer;
  readonly meta: Readonly<Record<string, Buffer>>;
  readonly sync: Buffer;
}

export function decodeAvro(bytes: Buffer): { records: unknown[]; metadata: Record<string, string> } {
  if (!bytes.subarray(0, 4).equals(MAGIC)) throw new Fault('internal', 'expected an Avro file, got other bytes');
  const { value, offset } = header.decode(bytes) as { value: Header; offset: number };
  const metadata = Object.fromEntries(Object.entries(value.meta).map(([key, one]) => [key, one.toString('utf8')]));
  const schema = avroSchema(metadata['avro.schema'] ?? '');
  const codec = metadata['avro.codec'] ?? 'null';
  const read = (type: avro.Type) => readRecords(bytes, offset, codec, type);
  try {
    const records = read(schema.type);
    if (isPlain(records)) return { records, metadata };
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('precision loss'))) throw error;
  }
  return { records: read(schema.exact()), metadata };
}

function readRecords(bytes: Buffer, offset: number, codec: string, type: avro.Type): unknown[] {
  const records: unknown[] = [];
  for (let at = offset; at < bytes.length;) {
    const count = long.decode(bytes, at) as { value: number; offset: number };
    const size = long.decode(bytes, count.offset) as { value: number; offset: number };
    const end = size.offset + size.value;
    const block = inflate(bytes.subarray(size.offset, end), codec);
    for (let left = count.value, position = 0; left > 0; left--) {
      const decoded = type.decode(block, position);
      records.push(decoded.value);
      position = decoded.offset;
    }
    at = end + 16;
  }
  return records;
}

function inflate(block: Buffer, codec: string): Buffer {
  if (codec === 'null') return block;
  if (codec === 'deflate') return inflateRawSync(block);
  throw new Fault(
    'unsupported',
    say("expected Avro codec null or deflate, got {codec}; rewrite the table's manifests with deflate", { codec }),
  );
}

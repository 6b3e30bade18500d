import { Fault } from '@datacraft/shared';
import { boundOf } from '../bound-value.ts';
import { type Long, longOf } from '../long.ts';
import { schemaOf, type PartitionSpec, type TableMetadata } from '../metadata.ts';

/** As the Avro record of a manifest entry holds it. */
export type PartitionValue = string | Long | boolean | null;

/** `text` is how a COPY names the partition of a file. */
export function partitionValue(resultType: string, text: string | null): PartitionValue {
  if (text === null || resultType === 'string') return text;
  const bytes = boundOf(resultType, text, 'lower');
  if (bytes === null) throw new Fault('internal', `expected a partition value of type ${resultType}, got ${text}`);
  if (resultType === 'boolean') return bytes[0] === 1;
  if (bytes.length === 4) return bytes.readInt32LE();
  return longOf(bytes.readBigInt64LE());
}

/** Iceberg's word of what a field of a spec holds, whatever schema its column belonged to. */
export function resultTypeOf(metadata: TableMetadata, field: PartitionSpec['fields'][number]): string {
  const { transform } = field;
  if (transform === 'day') return 'date';
  if (transform !== 'identity' && !transform.startsWith('truncate')) return 'int';
  const schemas = [schemaOf(metadata), ...metadata.schemas];
  const source = schemas.flatMap((schema) => schema.fields).find((one) => one.id === field['source-id']);
  return typeof source?.type === 'string' ? source.type : 'string';
}

/** Iceberg's Avro form of a partition field's type. */
export function avroTypeOf(resultType: string): Readonly<Record<string, string | boolean>> | string {
  switch (resultType) {
    case 'date':
      return { type: 'int', logicalType: 'date' };
    case 'timestamp':
    case 'timestamptz':
      return { type: 'long', logicalType: 'timestamp-micros', 'adjust-to-utc': resultType === 'timestamptz' };
    default:
      return resultType;
  }
}

export interface PartitionSummary {
  readonly contains_null: boolean;
  readonly contains_nan: boolean | null;
  readonly lower_bound: Buffer | null;
  readonly upper_bound: Buffer | null;
}

/** What a manifest list says of one field of the partitions in a manifest: readers skip manifests by it. */
export function summaryOf(resultType: string, values: readonly PartitionValue[]): PartitionSummary {
  const bytes = values.filter((value) => value !== null);
  const sorted = bytes.sort(compare);
  const [low, high] = [sorted[0], sorted.at(-1)];
  return {
    contains_null: bytes.length < values.length,
    contains_nan: false,
    lower_bound: low === undefined ? null : serialised(resultType, low),
    upper_bound: high === undefined ? null : serialised(resultType, high),
  };
}

function compare(a: NonNullable<PartitionValue>, b: NonNullable<PartitionValue>): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function serialised(resultType: string, value: NonNullable<PartitionValue>): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if (typeof value === 'boolean') return Buffer.from([value ? 1 : 0]);
  const isLong = resultType === 'long' || resultType.startsWith('timestamp');
  const bytes = Buffer.alloc(isLong ? 8 : 4);
  if (isLong) bytes.writeBigInt64LE(BigInt(value));
  else bytes.writeInt32LE(Number(value));
  return bytes;
}

import avro from 'avsc';

/** Every digit of a long, also where a double has none left. */
const exactLong = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer): bigint => bytes.readBigInt64LE(),
  toBuffer(value: bigint): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: (value: number | string): bigint => BigInt(value),
  toJSON: (value: bigint): number => Number(value),
  isValid: (value: unknown): boolean => typeof value === 'bigint',
  compare: (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0),
});

/** Longs also where they have a logical type. */
export function exactly(schema: avro.Schema): avro.Type | undefined {
  const isLong = schema === 'long' || (typeof schema === 'object' && 'type' in schema && schema.type === 'long');
  return isLong ? exactLong : undefined;
}

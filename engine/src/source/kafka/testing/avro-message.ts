import avro from 'avsc';

const exactLong = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});
const exactly = (each: unknown) =>
  each === 'long' || (each as { type?: unknown }).type === 'long' ? exactLong : undefined;

/** A value as a producer writes it; longs are bigints. `wrapUnions`: values of unions name their branch. */
export function avroMessage(schema: unknown, value: unknown, { wrapUnions = false } = {}): Buffer {
  return avro.Type.forSchema(schema as avro.Schema, { typeHook: exactly, wrapUnions }).toBuffer(value);
}

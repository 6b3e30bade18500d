import avro from 'avsc';

/**
 * A 64-bit integer of Iceberg's files, exact: a number up to 2^53, beyond it a bigint. A value has one form, so `===`
 * and the keys of a Map hold. Our own snapshot ids stay below 2^53; those of other engines do not.
 */
export type Long = number | bigint;

export function longOf(value: bigint): Long {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** Null when the text is not a whole number of 64 bits. */
export function longOfText(text: string): Long | null {
  if (!/^-?\d{1,19}$/.test(text)) return null;
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? longOf(value) : null;
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** JSON with its whole numbers exact. Text without a number that is long enough to lose a digit is parsed as usual. */
export function parseExactJson(text: string): unknown {
  if (!/\d{17}|9\d{15}/.test(text)) return JSON.parse(text);
  return parseWithSource(text, (_key, value, { source = '' }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? longOf(BigInt(source))
      : value,
  );
}

/** JSON in which a bigint is a number with all of its digits. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? rawJSON(String(one)) : one));
}

const HALF = 2 ** 32;
const packed = Buffer.alloc(8);

/** Avro's long for such values; several times slower than avsc's own, which throws where a digit would be lost. */
export const exactLongType = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer): Long => longOf(bytes.readBigInt64LE()),
  toBuffer(value: Long): Buffer {
    if (typeof value === 'bigint') packed.writeBigInt64LE(value);
    else {
      const high = Math.floor(value / HALF);
      packed.writeInt32LE(high, 4);
      packed.writeUInt32LE(value - high * HALF, 0);
    }
    return packed;
  },
  fromJSON: (value: Long): Long => value,
  toJSON: (value: Long): Long => value,
  isValid: (value: unknown): boolean => typeof value === 'bigint' || Number.isSafeInteger(value),
  compare: (a: Long, b: Long): number => (a < b ? -1 : a > b ? 1 : 0),
});

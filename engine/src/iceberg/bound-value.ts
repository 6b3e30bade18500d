import { decimalOf, type IceType } from './field-type.ts';

/**
 * Iceberg's single-value form of the smallest and greatest value of a column in one file. A bound may be wider than
 * the values, never narrower; what cannot be read exactly has none, and readers then look into the file.
 */
export type Side = 'lower' | 'upper';

/** Characters of text, and bytes of binary, that a bound keeps: Iceberg's default, `truncate(16)`. */
const KEPT = 16;

/** `text` is what DuckDB's RETURN_STATS prints for a min or a max. */
export function boundOf(type: IceType, text: string, side: Side): Buffer | null {
  if (typeof type !== 'string') return null;
  const decimal = decimalOf(type);
  if (decimal) return decimalBound(text, decimal.scale);
  switch (type) {
    case 'boolean':
      return text === '1' || text === 'true' ? Buffer.from([1]) : Buffer.from([0]);
    case 'int':
      return isInteger(text) ? int32(Number(text)) : null;
    case 'long':
      return isInteger(text) ? int64(BigInt(text)) : null;
    case 'float':
    case 'double':
      return floatBound(type, floatOf(text), side);
    case 'date':
      return withInt32(daysOf(text));
    case 'time':
      return withInt64(timeMicrosOf(text));
    case 'timestamp':
    case 'timestamptz':
      return withInt64(timestampMicrosOf(text));
    case 'string':
      return textBound(text, side);
    case 'uuid':
      return /^[0-9a-f-]{36}$/i.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : null;
    case 'binary':
      return /^([0-9a-f]{2})*$/i.test(text) ? binaryBound(Buffer.from(text, 'hex'), side) : null;
    default:
      return null;
  }
}

function isInteger(text: string): boolean {
  return /^-?\d+$/.test(text);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

function withInt32(value: number | null): Buffer | null {
  return value === null ? null : int32(value);
}

function withInt64(value: bigint | null): Buffer | null {
  return value === null ? null : int64(value);
}

function floatOf(text: string): number {
  const infinite = /^(-?)inf(?:inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return Number(text);
}

/** Parquet does not tell 0.0 from -0.0 in its statistics; a lower zero must be the negative one, an upper the positive. */
function floatBound(type: 'float' | 'double', value: number, side: Side): Buffer | null {
  if (Number.isNaN(value)) return null;
  const exact = value === 0 ? (side === 'lower' ? -0 : 0) : value;
  const bytes = Buffer.alloc(type === 'float' ? 4 : 8);
  if (type === 'float') bytes.writeFloatLE(exact);
  else bytes.writeDoubleLE(exact);
  return bytes;
}

/** Days since 1970; null for `infinity` and for years before Christ. */
function daysOf(text: string): number | null {
  const found = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(text);
  if (!found) return null;
  const ms = utcMs(Number(found[1]), Number(found[2]), Number(found[3]));
  return ms === null ? null : ms / 86_400_000;
}

function utcMs(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const ms = date.getTime();
  return Number.isNaN(ms) ? null : ms;
}

function timeMicrosOf(text: string): bigint | null {
  const found = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/.exec(text);
  if (!found) return null;
  const seconds = Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3]);
  return BigInt(seconds) * 1_000_000n + BigInt((found[4] ?? '').padEnd(6, '0'));
}

function timestampMicrosOf(text: string): bigint | null {
  const found = /^(\S+)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?:([+-])(\d\d)(?::?(\d\d))?|Z)?$/.exec(text);
  if (!found) return null;
  const [, date = '', time = '', sign, hours = '0', minutes = '0'] = found;
  const [days, micros] = [daysOf(date), timeMicrosOf(time)];
  if (days === null || micros === null) return null;
  const offsetMinutes = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return BigInt(days) * 86_400_000_000n + micros - BigInt(offsetMinutes) * 60_000_000n;
}

/** The unscaled value, big-endian two's complement, in as few bytes as hold it. */
function decimalBound(text: string, scale: number): Buffer | null {
  const found = /^(-?)(\d*)(?:\.(\d+))?$/.exec(text);
  if (!found || (found[3] ?? '').length > scale) return null;
  const digits = BigInt(`${found[2] ?? ''}${(found[3] ?? '').padEnd(scale, '0')}` || '0');
  return twosComplement(found[1] === '-' ? -digits : digits);
}

function twosComplement(value: bigint): Buffer {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  const hex = BigInt.asUintN(length * 8, value).toString(16);
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}

function textBound(text: string, side: Side): Buffer | null {
  const characters = Array.from(
    text.length > KEPT * 2 ? text.slice(0, KEPT * 2 + 1) : text,
    (one) => one.codePointAt(0) ?? 0,
  );
  if (characters.length <= KEPT) return Buffer.from(text, 'utf8');
  const kept = characters.slice(0, KEPT);
  if (side === 'upper') return incremented(kept);
  return Buffer.from(String.fromCodePoint(...kept), 'utf8');
}

/** The least text greater than all that begin with these characters; null when there is none. */
function incremented(characters: number[]): Buffer | null {
  for (let at = characters.length - 1; at >= 0; at--) {
    const next = (characters[at] ?? 0) + 1;
    if (next > 0x10ffff) continue;
    const character = next >= 0xd800 && next <= 0xdfff ? 0xe000 : next;
    return Buffer.from(String.fromCodePoint(...characters.slice(0, at), character), 'utf8');
  }
  return null;
}

function binaryBound(bytes: Buffer, side: Side): Buffer | null {
  if (bytes.length <= KEPT) return bytes;
  const kept = Buffer.from(bytes.subarray(0, KEPT));
  if (side === 'lower') return kept;
  for (let at = kept.length - 1; at >= 0; at--) {
    const byte = kept[at] ?? 0xff;
    if (byte === 0xff) continue;
    kept[at] = byte + 1;
    return kept.subarray(0, at + 1);
  }
  return null;
}

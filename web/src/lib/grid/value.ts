import { DataType, type TimeUnit, type Vector } from 'apache-arrow';

/**
 * Values of a result as people read them, exactly: no digit is lost, NULL and '' are told apart, and what a copy or a
 * CSV takes is the same text as the one shown.
 */
export type Kind = 'null' | 'empty' | 'number' | 'text' | 'boolean' | 'time' | 'nested' | 'binary';

export interface Shown {
  readonly kind: Kind;
  readonly text: string;
}

const NULL: Shown = { kind: 'null', text: 'null' };
const EMPTY: Shown = { kind: 'empty', text: '' };
const UNIT_DIGITS: Record<TimeUnit, number> = { 0: 0, 1: 3, 2: 6, 3: 9 };

export function showValue(vector: Vector, row: number, duckType: string): Shown {
  const type: DataType = vector.type;
  if (DataType.isTimestamp(type) || DataType.isDecimal(type) || DataType.isTime(type) || DataType.isInterval(type)) {
    return showRaw(vector, row, type, duckType);
  }
  const value: unknown = vector.get(row);
  if (value === null || value === undefined) return NULL;
  if (value === '') return EMPTY;
  if (DataType.isDate(type)) return { kind: 'time', text: dayText(Number(value)) };
  return showPlain(value, duckType);
}

function showPlain(value: unknown, duckType: string): Shown {
  switch (typeof value) {
    case 'boolean':
      return { kind: 'boolean', text: String(value) };
    case 'number':
      return { kind: 'number', text: numberText(value) };
    case 'bigint':
      return { kind: 'number', text: value.toString() };
    case 'string': {
      if (isNumericType(duckType)) return { kind: 'number', text: value };
      return { kind: /^(JSON|STRUCT|MAP|UNION)|\[\d*\]$/.test(duckType) ? 'nested' : 'text', text: value };
    }
    default:
      if (value instanceof Uint8Array) return { kind: 'binary', text: hexText(value) };
      return { kind: 'nested', text: jsonText(value) };
  }
}

/** Types whose Arrow getter rounds: read from the buffer. */
function showRaw(vector: Vector, row: number, type: DataType, duckType: string): Shown {
  const place = bufferAt(vector, row);
  if (place === null) return NULL;
  const { values, index } = place;
  if (DataType.isTimestamp(type)) {
    const text = timestampText(BigInt(values[index] ?? 0), UNIT_DIGITS[type.unit]);
    const zoned = Boolean(type.timezone) || /WITH TIME ZONE|TIMESTAMPTZ/.test(duckType);
    return { kind: 'time', text: zoned && /\d$/.test(text) ? `${text}Z` : text };
  }
  if (DataType.isTime(type))
    return { kind: 'time', text: clockText(BigInt(values[index] ?? 0), UNIT_DIGITS[type.unit]) };
  if (DataType.isDecimal(type))
    return { kind: 'number', text: decimalText(wordsToBigInt(values, index * 4), type.scale) };
  return { kind: 'time', text: jsonText(vector.get(row)) };
}

type Buffer = ArrayLike<number | bigint>;

function bufferAt(vector: Vector, row: number): { values: Buffer; index: number } | null {
  const starts = chunkStartsOf(vector);
  let low = 0;
  let high = vector.data.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  const chunk = vector.data[low];
  const index = row - (starts[low] ?? 0);
  if (chunk === undefined || index >= chunk.length || !chunk.getValid(index)) return null;
  return { values: chunk.values as Buffer, index };
}

const chunkStarts = new WeakMap<Vector, Uint32Array>();

/** First row of each chunk: a result of a million rows has hundreds of them. */
function chunkStartsOf(vector: Vector): Uint32Array {
  const known = chunkStarts.get(vector);
  if (known !== undefined) return known;
  const starts = new Uint32Array(vector.data.length);
  let row = 0;
  for (const [at, chunk] of vector.data.entries()) {
    starts[at] = row;
    row += chunk.length;
  }
  chunkStarts.set(vector, starts);
  return starts;
}

/** Shortest text that reads back as the same double, never in a form people cannot compare at a glance below 1e21. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return Object.is(value, -0) ? '-0' : String(value);
}

export function wordsToBigInt(words: Buffer, at: number): bigint {
  let value = 0n;
  for (let word = 3; word >= 0; word -= 1) value = (value << 32n) | BigInt(Number(words[at + word] ?? 0) >>> 0);
  return BigInt.asIntN(128, value);
}

export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return unscaled.toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const INFINITY = 9223372036854775807n;

/** `2025-11-20 14:30:00.123`: the fraction only as far as it has digits. */
export function timestampText(ticks: bigint, digits: number): string {
  if (ticks === INFINITY) return 'infinity';
  if (ticks === -INFINITY) return '-infinity';
  const perDay = 86_400n * 10n ** BigInt(digits);
  const day = floorDiv(ticks, perDay);
  return `${dayText(Number(day) * 86_400_000)} ${clockText(ticks - day * perDay, digits)}`;
}

export function clockText(ticks: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = Number(ticks / perSecond);
  const fraction = (ticks % perSecond).toString().padStart(digits, '0').replace(/0+$/, '');
  const two = (part: number) => String(part).padStart(2, '0');
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === '' || digits === 0 ? clock : `${clock}.${fraction}`;
}

export function dayText(epochMs: number): string {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) return String(epochMs);
  return (
    date
      .toISOString()
      .replace(/^\+0*(?=\d{4})/, '')
      .split('T')[0] ?? ''
  );
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function hexText(bytes: Uint8Array): string {
  return `\\x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')}`;
}

/** Lists, structs and maps as JSON; 64-bit integers keep their digits. */
export function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (value instanceof Uint8Array) return JSON.stringify(hexText(value));
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as unknown as ArrayLike<unknown>, jsonText).join(', ')}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return jsonText(value.toJSON());
  if (Symbol.iterator in value) return `[${[...(value as Iterable<unknown>)].map(jsonText).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${jsonText(item)}`);
  return `{${entries.join(', ')}}`;
}

export function isNumericType(duckType: string): boolean {
  return (
    /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|NUMERIC|DOUBLE|FLOAT|REAL)\b/.test(duckType) &&
    !duckType.endsWith(']')
  );
}

export function isTimeType(duckType: string): boolean {
  return /^(DATE|TIMESTAMP)/.test(duckType) && !duckType.endsWith(']');
}

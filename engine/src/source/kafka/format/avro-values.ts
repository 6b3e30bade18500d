/**
 * Values of Avro as JSON that DuckDB reads without losing a digit, and the types of their columns. Pure: `avro.ts` decodes.
 * Unions hold their value under the name of its branch, as avsc gives them with `wrapUnions`.
 */
import { escaped } from './blob.ts';

export type AvroSchema = string | readonly AvroSchema[] | AvroObject;
export interface AvroObject {
  readonly type: AvroSchema;
  readonly name?: string;
  readonly namespace?: string;
  readonly fields?: readonly { readonly name: string; readonly type: AvroSchema }[];
  readonly items?: AvroSchema;
  readonly values?: AvroSchema;
  readonly size?: number;
  readonly logicalType?: string;
  readonly precision?: number;
  readonly scale?: number;
}

export interface AvroValue {
  /** As DuckDB calls it. */
  readonly type: string;
  plain(value: unknown): unknown;
  /** The JSON of what `plain` gives, where it can be written at once. */
  json?(value: unknown): string;
}

export function jsonOf({ plain, json }: AvroValue, value: unknown): string {
  return json === undefined ? JSON.stringify(plain(value)) : json(value);
}

export interface AvroRecord extends AvroValue {
  readonly fields: readonly { readonly name: string; readonly value: AvroValue }[];
}

/** Named types that were seen, by full name; null while one is read, which only a type that holds itself meets. */
export type AvroNames = Map<string, AvroValue | null>;

const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
const same = (value: unknown) => value;
const text = (value: unknown) => (value === null || value === undefined ? null : String(value));

const primitives: Readonly<Record<string, AvroValue>> = {
  null: { type: 'VARCHAR', plain: () => null },
  boolean: { type: 'BOOLEAN', plain: same, json: String },
  int: { type: 'INTEGER', plain: same, json: String },
  long: { type: 'BIGINT', plain: (value) => rawJSON(String(value)), json: String },
  float: { type: 'FLOAT', plain: finite },
  double: { type: 'DOUBLE', plain: finite },
  bytes: { type: 'BLOB', plain: (value) => escaped(value as Buffer) },
  string: { type: 'VARCHAR', plain: text },
};

/** JSON has no words for these; DuckDB reads them from text. */
function finite(value: unknown): unknown {
  return Number.isFinite(value) ? value : String(value);
}

export function avroValue(schema: AvroSchema, names: AvroNames, space: string): AvroValue {
  if (typeof schema === 'string') return primitives[schema] ?? known(schema, names, space);
  if (Array.isArray(schema)) return unionOf(schema as readonly AvroSchema[], names, space);
  const object = schema as AvroObject;
  const logical = logicalValue(object);
  if (logical) return named(object, names, space, () => logical);
  switch (object.type) {
    case 'record':
    case 'error':
      return named(object, names, space, (inner) => recordOf(object, names, inner));
    case 'enum':
      return named(object, names, space, () => ({ type: 'VARCHAR', plain: text }));
    case 'fixed':
      return named(object, names, space, () => ({ type: 'BLOB', plain: (value) => escaped(value as Buffer) }));
    case 'array':
      return listOf(avroValue(object.items ?? 'null', names, space));
    case 'map':
      return mapOf(avroValue(object.values ?? 'null', names, space));
    default:
      return avroValue(object.type, names, space);
  }
}

function known(name: string, names: AvroNames, space: string): AvroValue {
  const full = name.includes('.') || space === '' ? name : `${space}.${name}`;
  const found = names.has(full) ? names.get(full) : names.get(name);
  if (found) return found;
  // A type that holds itself has no columns of its own: it is kept as JSON.
  return { type: 'JSON', plain: (value) => looseOf(value) };
}

function named(object: AvroObject, names: AvroNames, space: string, make: (space: string) => AvroValue): AvroValue {
  const { name = '' } = object;
  const own = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : (object.namespace ?? space);
  const full = name.includes('.') || own === '' ? name : `${own}.${name}`;
  names.set(full, null);
  const value = make(own);
  names.set(full, value);
  return value;
}

function recordOf({ fields = [] }: AvroObject, names: AvroNames, space: string): AvroRecord {
  const own = fields.map((field) => ({ name: field.name, value: avroValue(field.type, names, space) }));
  const isLoose = own.length === 0;
  const parts = own.map(({ name, value }) => `"${name.replaceAll('"', '""')}" ${value.type}`);
  const plain = (value: unknown) => {
    const record = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(own.map(({ name, value: each }) => [name, each.plain(record[name])]));
  };
  const heads = own.map(({ name }, at) => `${at === 0 ? '' : ','}${JSON.stringify(name)}:`);
  const json = (value: unknown) => {
    const record = value as Readonly<Record<string, unknown>>;
    let written = '{';
    for (const [at, { name, value: each }] of own.entries())
      written += `${heads[at] ?? ''}${jsonOf(each, record[name])}`;
    return `${written}}`;
  };
  return { type: isLoose ? 'JSON' : `STRUCT(${parts.join(', ')})`, plain, json, fields: own };
}

/** With one branch beside null its column is that branch's; with more it is JSON. */
function unionOf(branches: readonly AvroSchema[], names: AvroNames, space: string): AvroValue {
  const values = branches.filter((each) => each !== 'null').map((each) => avroValue(each, names, space));
  const [only] = values;
  if (only && values.length === 1)
    return {
      type: only.type,
      plain: (value) => (value === null ? null : only.plain(branchOf(value))),
      json: (value) => (value === null ? 'null' : jsonOf(only, branchOf(value))),
    };
  return {
    type: values.length === 0 ? 'VARCHAR' : 'JSON',
    plain: (value) => looseOf(value === null ? null : branchOf(value)),
  };
}

function branchOf(value: unknown): unknown {
  return Object.values(value as object)[0];
}

function listOf(item: AvroValue): AvroValue {
  return {
    type: item.type === 'JSON' ? 'JSON' : `${item.type}[]`,
    plain: (value) => (value as unknown[]).map((each) => item.plain(each)),
  };
}

function mapOf(item: AvroValue): AvroValue {
  const plain = (value: unknown) =>
    Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, item.plain(each)]));
  return { type: item.type === 'JSON' ? 'JSON' : `MAP(VARCHAR, ${item.type})`, plain };
}

/** Without a schema at hand: exact all the same. */
function looseOf(value: unknown): unknown {
  if (typeof value === 'bigint') return rawJSON(String(value));
  if (typeof value === 'number') return finite(value);
  if (Buffer.isBuffer(value)) return escaped(value);
  if (Array.isArray(value)) return value.map(looseOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, looseOf(each)]));
  return value ?? null;
}

function logicalValue({ type, logicalType, precision = 0, scale = 0 }: AvroObject): AvroValue | null {
  const isBytes = type === 'bytes' || type === 'fixed';
  switch (logicalType) {
    case 'decimal':
      return isBytes && precision > 0 && precision <= 38
        ? { type: `DECIMAL(${precision},${scale})`, plain: (value) => decimalText(value as Buffer, scale) }
        : null;
    case 'uuid':
      return type === 'string' ? { type: 'UUID', plain: text } : null;
    case 'date':
      return type === 'int'
        ? { type: 'DATE', plain: (value) => isoTime(BigInt(value as number) * DAY).slice(0, -16) }
        : null;
    case 'time-millis':
      return type === 'int'
        ? { type: 'TIME', plain: (value) => isoTime(BigInt(value as number) * 1000n).slice(-15) }
        : null;
    case 'time-micros':
      return type === 'long' ? { type: 'TIME', plain: (value) => isoTime(BigInt(value as bigint)).slice(-15) } : null;
    case 'timestamp-millis':
    case 'timestamp-micros':
    case 'local-timestamp-millis':
    case 'local-timestamp-micros':
      return type === 'long' ? momentOf(logicalType) : null;
    default:
      return null;
  }
}

const DAY = 86_400_000_000n;

function momentOf(logicalType: string): AvroValue {
  const scale = logicalType.endsWith('millis') ? 1000n : 1n;
  return logicalType.startsWith('local')
    ? { type: 'TIMESTAMP', plain: (value) => isoTime(BigInt(value as bigint) * scale) }
    : { type: 'TIMESTAMP WITH TIME ZONE', plain: (value) => `${isoTime(BigInt(value as bigint) * scale)}+00` };
}

/** `2025-11-20 06:00:00.000000` of microseconds since 1970. */
function isoTime(micros: bigint): string {
  const inDay = ((micros % DAY) + DAY) % DAY;
  const days = (micros - inDay) / DAY;
  const [date = ''] = new Date(Number(days) * 86_400_000).toISOString().split('T');
  const pad = (value: bigint, width = 2) => String(value).padStart(width, '0');
  const seconds = inDay / 1_000_000n;
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => pad(part)).join(':');
  return `${date.replace(/^\+0*(?=\d{5})/, '')} ${clock}.${pad(inDay % 1_000_000n, 6)}`;
}

/** Two's complement, big-endian. */
function decimalText(bytes: Buffer, scale: number): string {
  const unscaled = bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

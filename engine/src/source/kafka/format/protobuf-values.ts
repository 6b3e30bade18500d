/** Values of Protobuf as JSON that DuckDB reads without losing a digit, and the types of their columns. Pure. */
import type protobuf from 'protobufjs';
import { escaped } from './blob.ts';

interface ProtoValue {
  readonly type: string;
  plain(value: unknown): unknown;
}

export interface ProtoMessage extends ProtoValue {
  readonly columns: ReadonlyMap<string, string>;
  plain(value: unknown): object;
}

const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
const whole = (value: unknown) => rawJSON(String(value));
const same = (value: unknown) => value;
const finite = (value: unknown) => (Number.isFinite(value) ? value : String(value));

const scalars: Readonly<Record<string, ProtoValue>> = {
  double: { type: 'DOUBLE', plain: finite },
  float: { type: 'FLOAT', plain: finite },
  int32: { type: 'INTEGER', plain: same },
  sint32: { type: 'INTEGER', plain: same },
  sfixed32: { type: 'INTEGER', plain: same },
  uint32: { type: 'BIGINT', plain: same },
  fixed32: { type: 'BIGINT', plain: same },
  int64: { type: 'BIGINT', plain: whole },
  sint64: { type: 'BIGINT', plain: whole },
  sfixed64: { type: 'BIGINT', plain: whole },
  uint64: { type: 'DECIMAL(20,0)', plain: whole },
  fixed64: { type: 'DECIMAL(20,0)', plain: whole },
  bool: { type: 'BOOLEAN', plain: same },
  string: { type: 'VARCHAR', plain: same },
  bytes: { type: 'BLOB', plain: (value) => escaped(value as Buffer) },
};

/** A message that holds itself has no columns inside: there it is JSON. */
export function protoMessage(type: protobuf.Type): ProtoMessage {
  return messageOf(type, new Set());
}

function messageOf(type: protobuf.Type, above: ReadonlySet<string>): ProtoMessage {
  const within = new Set([...above, type.fullName]);
  const fields = type.fieldsArray.map((field) => ({ field, value: fieldValue(field.resolve(), within) }));
  const columns = new Map(fields.map(({ field, value }) => [field.name, value.type]));
  const parts = [...columns].map(([name, each]) => `"${name}" ${each}`);
  return {
    columns,
    type: parts.length === 0 ? 'JSON' : `STRUCT(${parts.join(', ')})`,
    plain(message) {
      const given = message as Readonly<Record<string, unknown>>;
      return Object.fromEntries(fields.map(({ field, value }) => [field.name, plainField(field, value, given)]));
    },
  };
}

/** What was not sent: nothing where the schema can tell, else what the field is without being sent. */
function plainField(field: protobuf.Field, value: ProtoValue, given: Readonly<Record<string, unknown>>): unknown {
  const sent = Object.hasOwn(given, field.name) ? given[field.name] : null;
  if (sent !== null && sent !== undefined) return value.plain(sent);
  if (field.repeated) return [];
  if (field.map) return {};
  return field.hasPresence || field.defaultValue === null ? null : value.plain(field.defaultValue);
}

function fieldValue(field: protobuf.Field, above: ReadonlySet<string>): ProtoValue {
  const item = itemValue(field, above);
  if (field.map) {
    const plain = (value: unknown) =>
      Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, item.plain(each)]));
    return { type: item.type === 'JSON' ? 'JSON' : `MAP(VARCHAR, ${item.type})`, plain };
  }
  if (!field.repeated) return item;
  const plain = (value: unknown) => (value as unknown[]).map((each) => item.plain(each));
  return { type: item.type === 'JSON' ? 'JSON' : `${item.type}[]`, plain };
}

function itemValue(field: protobuf.Field, above: ReadonlySet<string>): ProtoValue {
  const { resolvedType } = field;
  if (resolvedType === null) return scalars[field.type] ?? { type: 'VARCHAR', plain: String };
  if (!('fields' in resolvedType)) {
    const { valuesById } = resolvedType;
    return { type: 'VARCHAR', plain: (value) => valuesById[Number(value)] ?? String(value) };
  }
  const known = wellKnownValue(resolvedType);
  if (known) return known;
  if (!above.has(resolvedType.fullName)) return messageOf(resolvedType, above);
  return {
    type: 'JSON',
    plain: (value) => resolvedType.toObject(value as protobuf.Message, { longs: String, enums: String, bytes: String }),
  };
}

function wellKnownValue(type: protobuf.Type): ProtoValue | null {
  if (type.fullName === '.google.protobuf.Timestamp') return { type: 'TIMESTAMP WITH TIME ZONE', plain: momentOf };
  const wrapped = /^\.google\.protobuf\.\w+Value$/.test(type.fullName) ? type.fields['value'] : undefined;
  if (!wrapped) return null;
  const value = scalars[wrapped.type];
  if (!value) return null;
  return { type: value.type, plain: (given) => plainField(wrapped, value, given as Readonly<Record<string, unknown>>) };
}

function momentOf(value: unknown): string {
  const { seconds, nanos = 0 } = value as { readonly seconds?: unknown; readonly nanos?: number };
  const iso = new Date(Number(seconds ?? 0) * 1000).toISOString().replace('T', ' ').slice(0, 19);
  return `${iso}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}+00`;
}

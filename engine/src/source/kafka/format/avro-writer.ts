/** Rows as Avro with the id of their schema before them, as Confluent's serializers write. Every field may be null. */
import avro from 'avsc';
import type { Column } from '@datacraft/shared';
import { Fault, quoteIdentifier, say } from '@datacraft/shared';
import { exactly } from './exact-long.ts';
import type { Registry } from './registry.ts';

type Text = string | number | boolean;
/** A column in Avro: how it is declared, the name of its branch, how SQL gives it, and what that is made into. */
interface Form {
  readonly type: unknown;
  readonly branch: string;
  sql(name: string): string;
  value(text: Text): unknown;
}

const asText = (name: string) => `${name}::varchar`;
const form = (type: unknown, branch: string, sql: Form['sql'], value: Form['value']): Form => ({
  type,
  branch,
  sql,
  value,
});
const int = form('int', 'int', (name) => name, Number);
const long = form('long', 'long', asText, (text) => BigInt(text));
const string = form('string', 'string', asText, String);
const moment = (logicalType: string) =>
  form(
    { type: 'long', logicalType },
    'long',
    (name) => `epoch_us(${name})::varchar`,
    (text) => BigInt(text),
  );
const float = (type: string) => form(type, type, asText, (text) => numberOf(String(text)));

const FORMS: Readonly<Record<string, Form>> = {
  BOOLEAN: form('boolean', 'boolean', (name) => name, Boolean),
  TINYINT: int,
  SMALLINT: int,
  INTEGER: int,
  UTINYINT: int,
  USMALLINT: int,
  UINTEGER: long,
  BIGINT: long,
  UBIGINT: decimal(20, 0),
  FLOAT: float('float'),
  DOUBLE: float('double'),
  DATE: form(
    { type: 'int', logicalType: 'date' },
    'int',
    (name) => `date_diff('day', date '1970-01-01', ${name})`,
    Number,
  ),
  TIME: moment('time-micros'),
  TIMESTAMP: moment('local-timestamp-micros'),
  TIMESTAMP_S: moment('local-timestamp-micros'),
  TIMESTAMP_MS: moment('local-timestamp-micros'),
  TIMESTAMP_NS: moment('local-timestamp-micros'),
  'TIMESTAMP WITH TIME ZONE': moment('timestamp-micros'),
  UUID: form({ type: 'string', logicalType: 'uuid' }, 'string', asText, String),
  BLOB: form(
    'bytes',
    'bytes',
    (name) => `to_base64(${name})`,
    (text) => Buffer.from(String(text), 'base64'),
  ),
  VARCHAR: string,
};

function formOf(type: string): Form {
  const [, precision, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type) ?? [];
  if (precision !== undefined) return decimal(Number(precision), Number(scale));
  // What is nested goes as the text of its JSON.
  const isNested = type.endsWith(']') || /^(STRUCT|MAP|UNION|JSON)\b/.test(type);
  return isNested ? { ...string, sql: (name) => `to_json(${name})::varchar` } : (FORMS[type] ?? string);
}

function decimal(precision: number, scale: number): Form {
  return form({ type: 'bytes', logicalType: 'decimal', precision, scale }, 'bytes', asText, (text) =>
    bytesOf(String(text)),
  );
}

/** Two's complement, big-endian, of all its digits. */
function bytesOf(text: string): Buffer {
  const unscaled = BigInt(text.replace('.', ''));
  let size = 1;
  while (BigInt.asIntN(size * 8, unscaled) !== unscaled) size += 1;
  return Buffer.from(
    BigInt.asUintN(size * 8, unscaled)
      .toString(16)
      .padStart(size * 2, '0'),
    'hex',
  );
}

function numberOf(text: string): number {
  return /inf/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

export function avroColumn({ name, type }: Column): string {
  return formOf(type).sql(quoteIdentifier(name));
}

export function avroSchemaOf(name: string, columns: readonly Column[]): string {
  const bad = columns.find((column) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(column.name));
  if (bad)
    throw new Fault(
      'bad-request',
      say(
        'Avro has no field called "{name}": name it of letters, digits and _ (select … as name), or send it as json',
        { name: bad.name },
      ),
    );
  const fields = columns.map((column) => ({
    name: column.name,
    type: ['null', formOf(column.type).type],
    default: null,
  }));
  return JSON.stringify({ type: 'record', name, fields });
}

/** Registers the schema of the columns first: what does not fit is never sent. */
export async function avroEncoder(
  { subject, name, columns }: { readonly subject: string; readonly name: string; readonly columns: readonly Column[] },
  registry: Registry,
): Promise<(text: string) => Buffer> {
  const schema = avroSchemaOf(name, columns);
  const id = await registry.register(subject, schema);
  const type = avro.Type.forSchema(JSON.parse(schema) as avro.Schema, {
    wrapUnions: true,
    typeHook: exactly,
  });
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  const forms = columns.map((column) => ({ name: column.name, ...formOf(column.type) }));
  return (text) => {
    const values = JSON.parse(text) as readonly (Text | null)[];
    const record = forms.map(({ name, branch, value }, at) => {
      const given = values[at] ?? null;
      return [name, given === null ? null : { [branch]: value(given) }] as const;
    });
    return Buffer.concat([head, type.toBuffer(Object.fromEntries(record))]);
  };
}

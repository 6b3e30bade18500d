import type { Column } from '@datacraft/shared';
import { decimalOf, type IceField, type IceType } from './field-type.ts';
import type { DuckType } from './duck-type.ts';

/**
 * How each DuckDB type is stored. What Iceberg v2 has no type for is cast on the way in:
 *
 *   stored as it is   BOOLEAN INTEGER BIGINT FLOAT DOUBLE DECIMAL DATE TIME TIMESTAMP TIMESTAMPTZ UUID BLOB VARCHAR
 *   widened           TINYINT SMALLINT UTINYINT USMALLINT → int · UINTEGER → long · UBIGINT → decimal(20, 0)
 *   HUGEINT UHUGEINT  → decimal(38, 0): beyond 38 digits the write fails, it does not round
 *   to microseconds   TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS → timestamp · TIME_NS → time
 *   T[3]              → list
 *   as text           everything else: TIMETZ INTERVAL ENUM BIT JSON BIGNUM UNION VARIANT GEOMETRY
 */
const stored: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'int',
  SMALLINT: 'int',
  UTINYINT: 'int',
  USMALLINT: 'int',
  INTEGER: 'int',
  UINTEGER: 'long',
  BIGINT: 'long',
  UBIGINT: 'decimal(20, 0)',
  HUGEINT: 'decimal(38, 0)',
  UHUGEINT: 'decimal(38, 0)',
  FLOAT: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  TIME: 'time',
  TIME_NS: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  TIMESTAMPTZ: 'timestamptz',
  UUID: 'uuid',
  BLOB: 'binary',
  VARCHAR: 'string',
  NULL: 'int',
};

/** The Iceberg type of a DuckDB type, with fresh ids for what is inside it. */
export function icebergTypeOf(type: DuckType, nextId: () => number): IceType {
  switch (type.kind) {
    case 'primitive':
      return primitiveOf(type.name, type.args);
    case 'list': {
      const id = nextId();
      return {
        type: 'list',
        'element-id': id,
        element: icebergTypeOf(type.element, nextId),
        'element-required': false,
      };
    }
    case 'map': {
      const [keyId, valueId] = [nextId(), nextId()];
      const [key, value] = [icebergTypeOf(type.key, nextId), icebergTypeOf(type.value, nextId)];
      return { type: 'map', 'key-id': keyId, key, 'value-id': valueId, value, 'value-required': false };
    }
    case 'struct': {
      const ids = type.fields.map(() => nextId());
      const fields = type.fields.map((field, index) => ({
        id: ids[index] ?? nextId(),
        name: field.name,
        required: false,
        type: icebergTypeOf(field.type, nextId),
      }));
      return { type: 'struct', fields };
    }
  }
}

function primitiveOf(name: string, args: string): string {
  if (name === 'DECIMAL' || name === 'NUMERIC') {
    const [precision = '18', scale = '3'] = args === '' ? [] : args.split(',').map((part) => part.trim());
    return `decimal(${precision}, ${scale})`;
  }
  return stored[name] ?? 'string';
}

const duckNames: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  string: 'VARCHAR',
  uuid: 'UUID',
  binary: 'BLOB',
};

/** DuckDB's word for an Iceberg type, safe to put into SQL. */
export function duckTypeOf(type: IceType, quote: (name: string) => string = quoteName): string {
  if (typeof type === 'string') {
    const decimal = decimalOf(type);
    if (decimal) return `DECIMAL(${decimal.precision},${decimal.scale})`;
    return duckNames[type] ?? (type.startsWith('fixed') ? 'BLOB' : 'VARCHAR');
  }
  switch (type.type) {
    case 'list':
      return `${duckTypeOf(type.element, quote)}[]`;
    case 'map':
      return `MAP(${duckTypeOf(type.key, quote)}, ${duckTypeOf(type.value, quote)})`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${quote(field.name)} ${duckTypeOf(field.type, quote)}`).join(', ')})`;
  }
}

/** The columns as people see them: names in types are quoted only where they are not plain words. */
export function columnsOf(fields: readonly IceField[]): Column[] {
  const quoteOdd = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteName(name));
  return fields.map((field) => ({ name: field.name, type: duckTypeOf(field.type, quoteOdd) }));
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

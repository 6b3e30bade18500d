import type { Column } from '@datacraft/shared';
import { quoteIdentifier } from '@datacraft/shared';

const TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'smallint',
  SMALLINT: 'smallint',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  UTINYINT: 'smallint',
  USMALLINT: 'integer',
  UINTEGER: 'bigint',
  UBIGINT: 'numeric(20,0)',
  HUGEINT: 'numeric(39,0)',
  UHUGEINT: 'numeric(39,0)',
  FLOAT: 'real',
  DOUBLE: 'double precision',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  UUID: 'uuid',
  BLOB: 'bytea',
};

/** How PostgreSQL declares a column of ours; what is nested is kept as jsonb. */
export function pgType({ type }: Column): string {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  if (decimal) return `numeric(${decimal[1] ?? ''},${decimal[2] ?? ''})`;
  if (isNested(type)) return 'jsonb';
  return TYPES[type] ?? 'text';
}

/** The value as a text that PostgreSQL's COPY reads. */
export function pgValue(column: Column): string {
  const name = quoteIdentifier(column.name);
  if (isNested(column.type)) return `to_json(${name})::varchar as ${name}`;
  if (column.type === 'BLOB') return `case when ${name} is null then null else '\\x' || hex(${name}) end as ${name}`;
  return `${name}::varchar as ${name}`;
}

function isNested(type: string): boolean {
  return type.endsWith(']') || /^(STRUCT|MAP|UNION|JSON)\b/.test(type);
}

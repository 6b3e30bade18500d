/** Rows as JSON Schema says them: what `jsonRow` makes of columns. Every field may be null. */
import type { Column } from '@datacraft/shared';

export function jsonSchemaOf(name: string, columns: readonly Column[]): string {
  const properties = Object.fromEntries(columns.map((column) => [column.name, orNull(schemaOf(column.type))]));
  return JSON.stringify({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: name,
    type: 'object',
    properties,
  });
}

interface Form {
  readonly type: string | readonly string[];
  readonly [more: string]: unknown;
}

const whole: Form = { type: 'integer' };
const text: Form = { type: 'string' };
/** What is infinite goes as text. */
const float: Form = { type: ['number', 'string'] };

const FORMS: Readonly<Record<string, Form>> = {
  BOOLEAN: { type: 'boolean' },
  TINYINT: whole,
  SMALLINT: whole,
  INTEGER: whole,
  BIGINT: whole,
  HUGEINT: whole,
  UTINYINT: whole,
  USMALLINT: whole,
  UINTEGER: whole,
  UBIGINT: whole,
  UHUGEINT: whole,
  FLOAT: float,
  DOUBLE: float,
  DATE: { type: 'string', format: 'date' },
};

function schemaOf(type: string): Form {
  if (type.endsWith('[]')) return { type: 'array', items: orNull(schemaOf(type.slice(0, -2))) };
  if (type.endsWith(']')) return { type: 'array' };
  if (type.startsWith('DECIMAL')) return { type: 'number' };
  if (/^(STRUCT|MAP)\b/.test(type)) return { type: 'object' };
  if (type === 'JSON') return { type: ['object', 'array', 'string', 'number', 'boolean'] };
  return FORMS[type] ?? text;
}

function orNull(form: Form): Form {
  return { ...form, type: ['null', ...[form.type].flat()] };
}

import type pg from 'pg';
import { refuseSameNames } from '../database/same-names.ts';
import type { TypedColumn } from '../source.ts';

/** A column of a relation here, and the expression over there that gives its text. */
export interface PostgresColumn extends TypedColumn {
  readonly expression: string;
}

interface TypeRow {
  readonly oid: number;
  readonly name: string;
  readonly element: number;
  readonly category: string;
}

/** The columns that `select * from <relation>` has, with types that hold every value exactly. */
export async function columnsOf(client: pg.Client, relation: string): Promise<PostgresColumn[]> {
  // Values make it the extended protocol, which takes one statement only.
  const { fields } = await client.query({ text: `select * from ${relation} as source_row limit $1::int`, values: [0] });
  const types = await typesOf(client, [...new Set(fields.map(({ dataTypeID }) => dataTypeID))]);
  refuseSameNames(fields);
  return fields.map((field) => columnOf(client, field, types));
}

async function typesOf(client: pg.Client, oids: readonly number[]): Promise<ReadonlyMap<number, TypeRow>> {
  const { rows } = await client.query<TypeRow>(
    `select t.oid::int8::float8 as oid, t.typname as name,
       t.typelem::int8::float8 as element, t.typcategory as category
     from pg_type t where t.oid = any($1::oid[])`,
    [oids],
  );
  const elements = rows.filter(({ category }) => category === 'A').map(({ element }) => element);
  const known = new Map(rows.map((row) => [row.oid, row]));
  const missing = elements.filter((oid) => !known.has(oid));
  if (missing.length === 0) return known;
  return new Map([...known, ...(await typesOf(client, missing))]);
}

function columnOf(client: pg.Client, field: pg.FieldDef, types: ReadonlyMap<number, TypeRow>): PostgresColumn {
  const { name, dataTypeID, dataTypeModifier } = field;
  const quoted = client.escapeIdentifier(name);
  const type = types.get(dataTypeID);
  if (type?.category === 'A' && type.name.startsWith('_')) {
    const element = duckType(types.get(type.element)?.name ?? '', dataTypeModifier);
    return {
      name,
      type: `${element.form === 'exact' ? 'VARCHAR' : element.type}[]`,
      form: 'list',
      expression: `to_json(${quoted}::text[])`,
    };
  }
  if (type?.name === 'bytea') return { name, type: 'BLOB', form: 'hex', expression: `encode(${quoted}, 'hex')` };
  return { name, ...duckType(type?.name ?? '', dataTypeModifier), expression: quoted };
}

const plain: Readonly<Record<string, string>> = {
  bool: 'BOOLEAN',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  oid: 'BIGINT',
  float4: 'FLOAT',
  float8: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  time: 'TIME',
  uuid: 'UUID',
  json: 'JSON',
  jsonb: 'JSON',
};

/** Names of PostgreSQL's types to those here; what has no like stays the text that PostgreSQL writes. */
function duckType(name: string, modifier: number): Pick<TypedColumn, 'type' | 'form'> {
  if (name !== 'numeric') return { type: plain[name] ?? 'VARCHAR', form: 'plain' };
  if (modifier < 4) return { type: 'DECIMAL(38,10)', form: 'exact' };
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024; // 11 bits with a sign
  if (scale < 0) return decimal(precision - scale, 0);
  return scale > precision ? decimal(scale, scale) : decimal(precision, scale);
}

function decimal(precision: number, scale: number): Pick<TypedColumn, 'type' | 'form'> {
  return precision > 38
    ? { type: 'VARCHAR', form: 'plain' }
    : { type: `DECIMAL(${precision},${scale})`, form: 'plain' };
}

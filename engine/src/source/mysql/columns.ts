import type { Connection, FieldPacket } from 'mysql2';
import mysql from 'mysql2';
import { refuseSameNames } from '../database/same-names.ts';
import type { TypedColumn } from '../source.ts';

// Node finds no export of this name in the package: it is made by a getter.
const { Types } = mysql;

/** A column here, and how its bytes over there become its text. */
export interface MysqlColumn extends TypedColumn {
  text(bytes: Buffer): string;
}

const BINARY = 63; // the character set of what is no text
const UNSIGNED = 32;

/** The columns that `select * from <relation>` has, with types that hold every value exactly. */
export async function columnsOf(connection: Connection, relation: string): Promise<MysqlColumn[]> {
  const fields = await new Promise<FieldPacket[]>((settle, fail) => {
    connection.query(`select * from ${relation} limit 0`, (error, _rows, found) => {
      if (error) fail(error);
      else settle(found);
    });
  });
  refuseSameNames(fields);
  return fields.map(columnOf);
}

const utf8 = (bytes: Buffer) => bytes.toString('utf8');
const hex = (bytes: Buffer) => bytes.toString('hex');

function columnOf(field: FieldPacket): MysqlColumn {
  const { name } = field;
  const type = field.columnType ?? field.type ?? Types.VAR_STRING;
  const plain = plainType(type, (Number(field.flags) & UNSIGNED) !== 0, field);
  if (plain !== null) {
    const text = type === Types.TIMESTAMP ? (bytes: Buffer) => `${utf8(bytes)}+00` : utf8;
    return { name, type: plain, form: 'plain', text };
  }
  const isBytes = type === Types.BIT || type === Types.GEOMETRY || characterSetOf(field) === BINARY;
  return isBytes && type !== Types.TIME
    ? { name, type: 'BLOB', form: 'hex', text: hex }
    : { name, type: 'VARCHAR', form: 'plain', text: utf8 };
}

/** Null: text or bytes, as its character set says. */
function plainType(type: number, unsigned: boolean, field: FieldPacket): string | null {
  switch (type) {
    case Types.TINY:
    case Types.YEAR:
      return 'SMALLINT';
    case Types.SHORT:
      return unsigned ? 'INTEGER' : 'SMALLINT';
    case Types.INT24:
      return 'INTEGER';
    case Types.LONG:
      return unsigned ? 'BIGINT' : 'INTEGER';
    case Types.LONGLONG:
      return unsigned ? 'DECIMAL(20,0)' : 'BIGINT';
    case Types.FLOAT:
      return 'FLOAT';
    case Types.DOUBLE:
      return 'DOUBLE';
    case Types.DECIMAL:
    case Types.NEWDECIMAL:
      return decimalOf(field, unsigned);
    case Types.DATE:
    case Types.NEWDATE:
      return 'DATE';
    case Types.DATETIME:
      return 'TIMESTAMP';
    case Types.TIMESTAMP:
      return 'TIMESTAMP WITH TIME ZONE';
    case Types.JSON:
      return 'JSON';
    default:
      return null;
  }
}

/** The length counts the sign and the point. */
function decimalOf(field: FieldPacket, unsigned: boolean): string {
  const scale = field.decimals ?? 0;
  const precision = Number(lengthOf(field)) - (scale > 0 ? 1 : 0) - (unsigned ? 0 : 1);
  return precision > 38 ? 'VARCHAR' : `DECIMAL(${precision},${scale})`;
}

function characterSetOf(field: FieldPacket): number | undefined {
  return (field as { characterSet?: number }).characterSet;
}

function lengthOf(field: FieldPacket): number {
  return (field as { columnLength?: number }).columnLength ?? field.length ?? 0;
}

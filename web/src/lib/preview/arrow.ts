import type { Column } from '@datacraft/shared';
import { DataType, type Field, type RecordBatch, type Schema, Table } from 'apache-arrow';

/** Field metadata under which the server keeps DuckDB's own name of a type. */
export const TYPE_KEY = 'duckdb.type';

export function columnsOf(schema: Schema): readonly Column[] {
  return schema.fields.map((field) => ({ name: field.name, type: field.metadata.get(TYPE_KEY) ?? duckTypeOf(field) }));
}

/** The DuckDB type an Arrow field most likely came from; `DESCRIBE` and the server's metadata know better. */
export function duckTypeOf(field: Field): string {
  return typeWord(field.type);
}

/** The columns with the types that the engine names; the same object when nothing differs. */
export function withTypes(columns: readonly Column[], exact: readonly Column[]): readonly Column[] {
  if (exact.length !== columns.length || exact.every(({ type }, at) => type === columns[at]?.type)) return columns;
  return columns.map((column, at) => ({ name: column.name, type: exact[at]?.type ?? column.type }));
}

function typeWord(type: DataType): string {
  if (DataType.isBool(type)) return 'BOOLEAN';
  if (DataType.isInt(type)) return intWord(type.bitWidth, type.isSigned);
  if (DataType.isFloat(type)) return type.precision === 2 ? 'DOUBLE' : 'FLOAT';
  if (DataType.isDecimal(type)) {
    return type.precision === 38 && type.scale === 0 ? 'HUGEINT' : `DECIMAL(${type.precision},${type.scale})`;
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return 'VARCHAR';
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type)) return 'BLOB';
  if (DataType.isDate(type)) return 'DATE';
  if (DataType.isTime(type)) return 'TIME';
  if (DataType.isTimestamp(type)) return type.timezone ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP';
  if (DataType.isInterval(type) || DataType.isDuration(type)) return 'INTERVAL';
  if (DataType.isDictionary(type)) return typeWord(type.dictionary);
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) return `${typeWord(type.children[0]?.type ?? type)}[]`;
  if (DataType.isStruct(type)) {
    return `STRUCT(${type.children.map((child) => `"${child.name}" ${typeWord(child.type)}`).join(', ')})`;
  }
  if (DataType.isMap(type)) return 'MAP';
  return 'VARCHAR';
}

function intWord(bits: number, signed: boolean): string {
  const word = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' }[bits] ?? 'BIGINT';
  return signed ? word : `U${word}`;
}

/** A table that grows by batches; what was handed out before stays as it was. */
export class TableBuilder {
  readonly #schema: Schema;
  readonly #batches: RecordBatch[] = [];
  rowCount = 0;

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  add(batch: RecordBatch): void {
    if (batch.numRows === 0) return;
    this.#batches.push(batch);
    this.rowCount += batch.numRows;
  }

  table(): Table {
    return new Table(this.#schema, [...this.#batches]);
  }
}

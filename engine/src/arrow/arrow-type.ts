import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  Map_,
  Struct,
  TimeMicrosecond,
  TimeNanosecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
} from 'apache-arrow';

/**
 * The Arrow type that keeps a DuckDB type exactly. Where Arrow has none, the value travels as DuckDB's text:
 * ENUM, UUID, INTERVAL, TIME WITH TIME ZONE, BIT, BIGNUM, UHUGEINT, and as JSON text UNION, VARIANT and structs
 * without names. HUGEINT is a Decimal of 38 digits whose 128 bits are all kept.
 */
export function arrowTypeOf(type: DuckDBType): DataType {
  if (type instanceof DuckDBDecimalType) return new Decimal(type.scale, type.width, 128);
  if (type instanceof DuckDBListType) return new List(childField('item', type.valueType));
  if (type instanceof DuckDBArrayType) return new FixedSizeList(type.length, childField('item', type.valueType));
  if (type instanceof DuckDBStructType && isNamed(type))
    return new Struct(entryFields(type.entryNames, type.entryTypes));
  if (type instanceof DuckDBMapType) return mapType(type);
  return scalarTypes.get(type.typeId)?.() ?? new Utf8();
}

export function isNamed(type: DuckDBStructType): boolean {
  return (
    type.entryNames.length > 0 &&
    new Set(type.entryNames).size === type.entryNames.length &&
    !type.entryNames.includes('')
  );
}

function mapType(type: DuckDBMapType): Map_ {
  const key = new Field('key', arrowTypeOf(type.keyType), false);
  const entry = new Struct<{ key: DataType; value: DataType }>([key, childField('value', type.valueType)]);
  return new Map_(new Field('entries', entry, false));
}

function entryFields(names: readonly string[], types: readonly DuckDBType[]): Field[] {
  return types.map((type, index) => childField(names[index] ?? '', type));
}

function childField(name: string, type: DuckDBType): Field {
  return new Field(name, arrowTypeOf(type), true);
}

const scalarTypes = new Map<DuckDBTypeId, () => DataType>([
  [DuckDBTypeId.BOOLEAN, () => new Bool()],
  [DuckDBTypeId.TINYINT, () => new Int8()],
  [DuckDBTypeId.SMALLINT, () => new Int16()],
  [DuckDBTypeId.INTEGER, () => new Int32()],
  [DuckDBTypeId.BIGINT, () => new Int64()],
  [DuckDBTypeId.UTINYINT, () => new Uint8()],
  [DuckDBTypeId.USMALLINT, () => new Uint16()],
  [DuckDBTypeId.UINTEGER, () => new Uint32()],
  [DuckDBTypeId.UBIGINT, () => new Uint64()],
  [DuckDBTypeId.FLOAT, () => new Float32()],
  [DuckDBTypeId.DOUBLE, () => new Float64()],
  [DuckDBTypeId.HUGEINT, () => new Decimal(0, 38, 128)],
  [DuckDBTypeId.DATE, () => new DateDay()],
  [DuckDBTypeId.TIME, () => new TimeMicrosecond()],
  [DuckDBTypeId.TIME_NS, () => new TimeNanosecond()],
  [DuckDBTypeId.TIMESTAMP, () => new TimestampMicrosecond()],
  [DuckDBTypeId.TIMESTAMP_S, () => new TimestampSecond()],
  [DuckDBTypeId.TIMESTAMP_MS, () => new TimestampMillisecond()],
  [DuckDBTypeId.TIMESTAMP_NS, () => new TimestampNanosecond()],
  [DuckDBTypeId.TIMESTAMP_TZ, () => new TimestampMicrosecond('UTC')],
  [DuckDBTypeId.BLOB, () => new Binary()],
  [DuckDBTypeId.VARCHAR, () => new Utf8()],
]);

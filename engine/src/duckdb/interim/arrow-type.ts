import type { DuckDBType } from '@duckdb/node-api';
import { DuckDBDecimalType, DuckDBTypeId as Id } from '@duckdb/node-api';
import * as arrow from 'apache-arrow';

/** The Arrow type that holds DuckDB's values exactly, or Utf8 where there is none that every reader takes. */
export function arrowType(type: DuckDBType): arrow.DataType {
  switch (type.typeId) {
    case Id.BOOLEAN:
      return new arrow.Bool();
    case Id.TINYINT:
      return new arrow.Int8();
    case Id.SMALLINT:
      return new arrow.Int16();
    case Id.INTEGER:
      return new arrow.Int32();
    case Id.BIGINT:
      return new arrow.Int64();
    case Id.UTINYINT:
      return new arrow.Uint8();
    case Id.USMALLINT:
      return new arrow.Uint16();
    case Id.UINTEGER:
      return new arrow.Uint32();
    case Id.UBIGINT:
      return new arrow.Uint64();
    case Id.FLOAT:
      return new arrow.Float32();
    case Id.DOUBLE:
      return new arrow.Float64();
    case Id.DATE:
      return new arrow.DateDay();
    case Id.TIME:
      return new arrow.TimeMicrosecond();
    case Id.TIMESTAMP_S:
      return new arrow.TimestampSecond();
    case Id.TIMESTAMP_MS:
      return new arrow.TimestampMillisecond();
    case Id.TIMESTAMP:
      return new arrow.TimestampMicrosecond();
    case Id.TIMESTAMP_NS:
      return new arrow.TimestampNanosecond();
    case Id.TIMESTAMP_TZ:
      return new arrow.TimestampMicrosecond('UTC');
    case Id.HUGEINT:
      return new arrow.Decimal(0, 38);
    case Id.DECIMAL:
      return type instanceof DuckDBDecimalType ? new arrow.Decimal(type.scale, type.width) : new arrow.Utf8();
    default:
      return new arrow.Utf8();
  }
}

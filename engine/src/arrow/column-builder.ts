import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api';
import type { DataType } from 'apache-arrow';
import { arrowTypeOf, isNamed } from './arrow-type.ts';
import { byteReaderOf, BytesColumn } from './bytes-column.ts';
import type { ColumnBuilder } from './column.ts';
import { fixedKindOf } from './fixed-builder.ts';
import { BoolColumn, FixedColumn } from './flat-columns.ts';
import { ArrayBuilder, ListBuilder, MapBuilder, StructBuilder } from './nested-columns.ts';

export function createColumnBuilder(type: DuckDBType): ColumnBuilder {
  const arrowType = arrowTypeOf(type);
  if (type instanceof DuckDBListType) return new ListBuilder(arrowType, createColumnBuilder(type.valueType));
  if (type instanceof DuckDBArrayType)
    return new ArrayBuilder(arrowType, createColumnBuilder(type.valueType), type.length);
  if (type instanceof DuckDBMapType) return new MapBuilder(arrowType, mapEntries(arrowType, type));
  if (type instanceof DuckDBStructType && isNamed(type)) {
    return new StructBuilder(arrowType, type.entryTypes.map(createColumnBuilder));
  }
  const fixed = fixedKindOf(type.typeId, type instanceof DuckDBDecimalType ? type.width : 0);
  if (fixed) return new FixedColumn(arrowType, fixed);
  if (type.typeId === DuckDBTypeId.BOOLEAN) return new BoolColumn(arrowType);
  return new BytesColumn(arrowType, byteReaderOf(type));
}

function mapEntries(mapType: DataType, type: DuckDBMapType): StructBuilder {
  const entries: DataType = mapType.children[0]?.type;
  return new StructBuilder(entries, [createColumnBuilder(type.keyType), createColumnBuilder(type.valueType)]);
}

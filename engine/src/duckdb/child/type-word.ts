import {
  DuckDBArrayType,
  DuckDBEnumType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionType,
} from '@duckdb/node-api';
import { quoteIdentifier, quoteLiteral } from '@datacraft/shared';

/** The word `DESCRIBE` prints for a type. An untyped NULL is INTEGER, as it is when the statement runs. */
export function typeWord(type: DuckDBType): string {
  if (type.alias) return type.alias;
  if (type instanceof DuckDBListType) return `${typeWord(type.valueType)}[]`;
  if (type instanceof DuckDBArrayType) return `${typeWord(type.valueType)}[${type.length}]`;
  if (type instanceof DuckDBMapType) return `MAP(${typeWord(type.keyType)}, ${typeWord(type.valueType)})`;
  if (type instanceof DuckDBEnumType) return `ENUM(${type.values.map(quoteLiteral).join(', ')})`;
  if (type instanceof DuckDBStructType) return `STRUCT(${members(type.entryNames, type.entryTypes)})`;
  if (type instanceof DuckDBUnionType) return `UNION(${members(type.memberTags, type.memberTypes)})`;
  return type.typeId === DuckDBTypeId.SQLNULL ? 'INTEGER' : String(type);
}

function members(names: readonly string[], types: readonly DuckDBType[]): string {
  return types.map((type, index) => memberWord(names[index] ?? '', typeWord(type))).join(', ');
}

function memberWord(name: string, word: string): string {
  if (name === '') return word;
  return `${/^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name)} ${word}`;
}

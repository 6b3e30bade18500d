import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  SQLNULL,
  VARCHAR,
} from '@duckdb/node-api';
import type { ParamValue } from '@datacraft/shared';

export interface BoundValue {
  readonly value: DuckDBValue;
  readonly type: DuckDBType;
}

/** Safe integers bind as BIGINT, other numbers as DOUBLE, arrays as lists of one type, null as NULL. */
export function boundValue(value: ParamValue): BoundValue {
  if (value === null) return { value: null, type: SQLNULL };
  if (typeof value === 'string') return { value, type: VARCHAR };
  if (typeof value === 'boolean') return { value, type: BOOLEAN };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { value: BigInt(value), type: BIGINT } : { value, type: DOUBLE };
  }
  return boundList(value);
}

function boundList(values: readonly (string | number)[]): BoundValue {
  if (values.length > 0 && values.every((item) => typeof item === 'number')) {
    return values.every((item) => Number.isSafeInteger(item))
      ? { value: listValue(values.map((item) => BigInt(item))), type: LIST(BIGINT) }
      : { value: listValue([...values]), type: LIST(DOUBLE) };
  }
  return { value: listValue(values.map(String)), type: LIST(VARCHAR) };
}

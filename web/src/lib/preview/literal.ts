import { type ParamValue, quoteLiteral } from '@datacraft/shared';

/** A value as a SQL literal of the type the server binds: BIGINT or DOUBLE, VARCHAR, BOOLEAN, a list, NULL. */
export function literalOf(value: ParamValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return numberLiteral(value);
  if (typeof value === 'string') return quoteLiteral(value);
  if (value.length === 0) return 'CAST([] AS VARCHAR[])';
  return `[${value.map((item) => literalOf(item)).join(', ')}]`;
}

function numberLiteral(value: number): string {
  if (Number.isSafeInteger(value)) return `CAST(${value} AS BIGINT)`;
  return `CAST('${value}' AS DOUBLE)`;
}

/**
 * Partition values in SQL, as the specification's "Partition Transforms" defines them. Macros are needed by buckets
 * alone: Murmur3 (x86, 32 bit, seed 0) over a value's bytes, in unsigned arithmetic.
 */
import type { PartitionField } from './partition-field.ts';
import { quoteName } from '../type-map.ts';

export const bucketMacros: readonly string[] = [
  `create or replace temp macro dc_m32(a, b) as ((a::ubigint * b::ubigint) % 4294967296::ubigint)`,
  `create or replace temp macro dc_rotl(x, r) as (((x::ubigint * (1::ubigint << r::ubigint)) % 4294967296::ubigint) | (x::ubigint // (1::ubigint << (32 - r)::ubigint)))`,
  `create or replace temp macro dc_mix(k) as dc_m32(dc_rotl(dc_m32(k, 3432918353), 15), 461845907)`,
  `create or replace temp macro dc_step(h, k) as ((dc_rotl(xor(h::ubigint, dc_mix(k)), 13) * 5::ubigint + 3864292196::ubigint) % 4294967296::ubigint)`,
  `create or replace temp macro dc_fold(h, s) as xor(h::ubigint, h::ubigint // (1::ubigint << s::ubigint))`,
  `create or replace temp macro dc_final(h, n) as dc_fold(dc_m32(dc_fold(dc_m32(dc_fold(xor(h::ubigint, n::ubigint), 16), 2246822507), 13), 3266489909), 16)`,
  `create or replace temp macro dc_unsigned(v) as ((v::hugeint + 18446744073709551616::hugeint) % 18446744073709551616::hugeint)::ubigint`,
  `create or replace temp macro dc_hash_long(v) as dc_final(dc_step(dc_step(0, dc_unsigned(v) % 4294967296::ubigint), dc_unsigned(v) // 4294967296::ubigint), 8)`,
  // Four bytes from `p` on, least significant first; beyond the end of the hex text they are nothing.
  `create or replace temp macro dc_word(x, p) as list_sum(list_transform(range(4), lambda b: coalesce(('0x' || nullif(substr(x, (2 * (p + b) + 1)::bigint, 2), ''))::ubigint, 0::ubigint) * (1::ubigint << (8 * b)::ubigint)))::ubigint`,
  `create or replace temp macro dc_blocks(x, n) as list_reduce(list_transform(range(n // 4), lambda i: dc_word(x, 4 * i)), lambda h, k: dc_step(h, k), 0::ubigint)`,
  `create or replace temp macro dc_hash_text(x, n) as dc_final(case when n % 4 = 0 then dc_blocks(x, n) else xor(dc_blocks(x, n), dc_mix(dc_word(x, n // 4 * 4))) end, n)`,
];

/** What a row's partition value is, over its columns. */
export function partitionExpression(field: PartitionField): string {
  const column =
    field.sourceType === 'timestamptz'
      ? `make_timestamp(epoch_us(${quoteName(field.column)}))`
      : quoteName(field.column);
  const since = field.sourceType === 'date' ? `DATE '1970-01-01'` : `TIMESTAMP '1970-01-01 00:00:00'`;
  const width = field.width ?? 1;
  switch (field.kind) {
    case 'identity':
      return column;
    case 'year':
    case 'month':
    case 'hour':
      return `date_diff('${field.kind}', ${since}, ${column})::integer`;
    case 'day':
      return `${column}::date`;
    case 'truncate':
      return field.sourceType === 'string'
        ? `left(${column}, ${width})`
        : `${column} - (((${column} % ${width}) + ${width}) % ${width})`;
    case 'bucket':
      return `((${hashOf(field, column)} & 2147483647::ubigint) % ${width}::ubigint)::integer`;
  }
}

function hashOf(field: PartitionField, column: string): string {
  if (field.sourceType === 'string') return `dc_hash_text(hex(encode(${column})), octet_length(encode(${column})))`;
  if (field.sourceType === 'date') return `dc_hash_long(date_diff('day', DATE '1970-01-01', ${column}))`;
  return field.sourceType.startsWith('timestamp') ? `dc_hash_long(epoch_us(${column}))` : `dc_hash_long(${column})`;
}

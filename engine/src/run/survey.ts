import type { SqlSpec } from '@datacraft/shared';
import { columnList } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { PartitionField } from '../iceberg/partition/partition-field.ts';
import { partitionExpression } from '../iceberg/partition/partition-sql.ts';
import { partitionValue, type PartitionValue } from '../iceberg/partition/partition-value.ts';
import type { ColumnRange } from '../iceberg/prune.ts';
import { keysOf } from '../materialize/merge.ts';

/** What one look at the rows of `__incoming` tells, before they are merged. */
export interface Survey {
  /** Rows that have no value in their key, and those that have none in each column of it. */
  readonly nulls: { readonly rows: number; readonly byColumn: readonly number[] };
  /** No two rows have one key; null where nothing depends on it. */
  readonly isUnique: boolean | null;
  /** Between which values the keys are; empty without a row. */
  readonly ranges: readonly ColumnRange[];
  /** The one partition of all rows; null when they are of several, or when that is not known. */
  readonly partition: readonly PartitionValue[] | null;
}

/** `partition` is of a table of which only some files may be written; null when all of it is. */
export async function surveyIncoming(
  session: DuckSession,
  spec: SqlSpec,
  partition: readonly PartitionField[] | null,
): Promise<Survey> {
  const columns = columnList(spec.unique_key);
  const keys = keysOf(spec);
  const parts = partitionSql(partition);
  const isNull = keys.map((key) => `${key} is null`);
  const doubles = `select 1 from "__incoming" group by ${keys.join(', ')} having count(*) > 1`;
  const asked: Record<string, string> = {
    rows: 'count(*)::varchar',
    nulls: `count_if(${isNull.join(' or ')})::varchar`,
    ...numbered('null', isNull, (test) => `count_if(${test})::varchar`),
    ...(partition === null && spec.sequence_by !== undefined ? {} : { unique: `not exists (${doubles})` }),
    ...(partition === null ? {} : endsOf('key', keys)),
    ...endsOf('part', parts),
    ...numbered('part_count', parts, (part) => `count(${part})::varchar`),
  };
  const selected = Object.entries(asked).map(([name, sql]) => `${sql} as "${name}"`);
  const page = await session.rows(`select ${selected.join(', ')} from "__incoming"`);
  const said = new Map(page.columns.map(({ name }, at) => [name, page.rows[0]?.[at]]));
  return {
    nulls: { rows: Number(said.get('nulls')), byColumn: keys.map((_, at) => Number(said.get(`null_${at}`))) },
    isUnique: said.has('unique') ? said.get('unique') === true : null,
    ranges: columns.flatMap((column, at) => {
      const [min, max] = [said.get(`key_min_${at}`), said.get(`key_max_${at}`)];
      return typeof min === 'string' && typeof max === 'string' ? [{ column, min, max }] : [];
    }),
    partition: partition === null ? null : onePartition(partition, said),
  };
}

function numbered(prefix: string, each: readonly string[], sql: (one: string) => string): Record<string, string> {
  return Object.fromEntries(each.map((one, at) => [`${prefix}_${at}`, sql(one)]));
}

function endsOf(prefix: string, each: readonly string[]): Record<string, string> {
  return {
    ...numbered(`${prefix}_min`, each, (one) => `min(${one})::varchar`),
    ...numbered(`${prefix}_max`, each, (one) => `max(${one})::varchar`),
  };
}

/** Buckets are told apart by what the session learns only to write them. */
function partitionSql(partition: readonly PartitionField[] | null): string[] {
  return partition === null || partition.some(({ kind }) => kind === 'bucket')
    ? []
    : partition.map(partitionExpression);
}

function onePartition(
  partition: readonly PartitionField[],
  said: ReadonlyMap<string, unknown>,
): readonly PartitionValue[] | null {
  const isOne = partition.every((_, at) => {
    const [min, max, count] = ['min', 'max', 'count'].map((end) => said.get(`part_${end}_${at}`));
    return count === '0' ? said.get('rows') !== '0' : count === said.get('rows') && min === max && min !== undefined;
  });
  if (!isOne || partition.length === 0) return null;
  return partition.map(({ resultType }, at) => {
    const text = said.get(`part_min_${at}`);
    return partitionValue(resultType, typeof text === 'string' ? text : null);
  });
}

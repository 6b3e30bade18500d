/**
 * Feature tables: what is known of an entity, and since when.
 *
 * T1  A row learns only what was known at its time: of each entity the latest features not after it.
 * T2  What is older than `ttl` at that time is not known.
 * T3  Online is the latest row of each entity, as the table has it.
 */
import type { Column, SqlSpec } from '@datacraft/shared';
import { quoteIdentifier, columnList } from '@datacraft/shared';
import { kindOf } from '../model/role.ts';

export type FeatureFacts = NonNullable<SqlSpec['feature_table']>;

export function entityOf({ entity }: FeatureFacts): string[] {
  return columnList(entity);
}

/** Columns that are neither entity nor time. */
export function featureColumns(facts: FeatureFacts, columns: readonly Column[]): Column[] {
  const aside = new Set([...entityOf(facts), facts.timestamp]);
  return columns.filter(({ name }) => !aside.has(name));
}

export interface JoinedTable {
  /** As it stands in SQL. */
  readonly relation: string;
  readonly facts: FeatureFacts;
  readonly features: readonly Column[];
}

/** The rows of `select` with the features that were known at their `time`. */
export function pointInTime(select: string, time: string, tables: readonly JoinedTable[]): string {
  return tables.reduce((rows, table) => joined(rows, time, table), select);
}

function joined(select: string, time: string, { relation, facts, features }: JoinedTable): string {
  const [at, since] = [`l.${quoteIdentifier(time)}`, `f.${quoteIdentifier(facts.timestamp)}`];
  const age = `${at}::timestamp - ${since}::timestamp`;
  const columns = features.map(({ name }) => {
    const column = `f.${quoteIdentifier(name)}`;
    const known = facts.ttl === undefined ? column : `case when ${age} <= interval '${facts.ttl}' then ${column} end`;
    return `${known} as ${quoteIdentifier(name)}`;
  });
  const keys = entityOf(facts).map((name) => `l.${quoteIdentifier(name)} = f.${quoteIdentifier(name)}`);
  return `select ${['l.*', ...columns].join(', ')} from (${select}\n) l
    asof left join (${knownRows(relation, facts)}) f on ${[...keys, `${at} >= ${since}`].join(' and ')}`;
}

function knownRows(relation: string, facts: FeatureFacts): string {
  const needed = [...entityOf(facts), facts.timestamp].map((name) => `${quoteIdentifier(name)} is not null`);
  return `select * from ${relation} where ${needed.join(' and ')}`;
}

/** One row: an entity that has two rows of one time, as text; null when there is none. */
export function ambiguousSql(relation: string, facts: FeatureFacts): string {
  const keys = [...entityOf(facts), facts.timestamp].map(quoteIdentifier).join(', ');
  return `select ${entityText(facts)} || ' at ' || any_value(${quoteIdentifier(facts.timestamp)})::varchar
    from (${knownRows(relation, facts)}) group by ${keys} having count(*) > 1 limit 1`;
}

/** Of each entity its latest row: key, time in ISO 8601, features as JSON, by the key. */
export function latestSql(relation: string, facts: FeatureFacts, columns: readonly Column[]): string {
  const time = quoteIdentifier(facts.timestamp);
  const entries = featureColumns(facts, columns).flatMap((column) => {
    const value = jsonValue(column);
    return value === null ? [] : [`${quoteIdentifier(column.name)} := ${value}`];
  });
  const features = entries.length === 0 ? `'{}'` : `to_json(struct_pack(${entries.join(', ')}))::varchar`;
  return `select ${entityText(facts)} as entity, strftime(${time}::timestamp, '%Y-%m-%dT%H:%M:%S.%fZ') as at,
      ${features} as features
    from (${knownRows(relation, facts)})
    qualify row_number() over (partition by ${entityOf(facts).map(quoteIdentifier).join(', ')} order by ${time} desc) = 1
    order by entity`;
}

function entityText(facts: FeatureFacts): string {
  return `to_json([${entityOf(facts)
    .map((name) => `${quoteIdentifier(name)}::varchar`)
    .join(', ')}])::varchar`;
}

/** As the fields of a row that is sent to be scored; null for what no model learns from. */
function jsonValue({ name, type }: Column): string | null {
  const column = quoteIdentifier(name);
  switch (kindOf(type)) {
    case 'number':
      return `case when isfinite(${column}::double) then ${column}::double end`;
    case 'boolean':
      return column;
    case 'time':
      return `strftime(${column}::timestamp, '%Y-%m-%dT%H:%M:%S.%gZ')`;
    case 'category':
      return `${column}::varchar`;
    case null:
      return null;
  }
}

/** The key of an entity as `latestSql` writes it; null when a field of it is not given. */
export function entityKey(entity: readonly string[], row: Readonly<Record<string, unknown>>): string | null {
  const values = entity.map((name) => row[name]);
  const isGiven = values.every((value) => typeof value === 'string' || typeof value === 'number');
  return isGiven ? JSON.stringify(values.map(String)) : null;
}

const DAY_MS = 86_400_000;
const UNITS_MS: readonly (readonly [RegExp, number])[] = [
  [/^(ms|milli)/, 1],
  [/^s/, 1_000],
  [/^mon/, 30 * DAY_MS],
  [/^m/, 60_000],
  [/^h/, 3_600_000],
  [/^d/, DAY_MS],
  [/^w/, 7 * DAY_MS],
  [/^y/, 360 * DAY_MS],
];

/** A time to live as intervals compare in SQL: a month has thirty days there, a year twelve months. */
export function ageLimitMs(ttl: string): number {
  const [, count = '', unit = ''] = /^([\d.]+)\s*([a-z]+)$/.exec(ttl.trim().toLowerCase()) ?? [];
  return Number(count) * (UNITS_MS.find(([pattern]) => pattern.test(unit))?.[1] ?? NaN);
}

/**
 * What a merge makes of a table and of rows that come to it.
 *
 * M2  It keeps one row per key: of two with the same key the one with the greater `sequence_by`, else the new one.
 *     Incoming rows have no NULL in their key; those that a table holds stay, told apart by all their values.
 * M3  With `insert_only` a row whose key the table has changes nothing; of several new ones with a key M2 picks one.
 * M4  With `unmatched: delete` a row of the table stays only where the source has its key. NULL is no key.
 *
 * Pure: text in, text out. Relations are SQL names.
 */
import type { Column, SqlSpec } from '@datacraft/shared';
import { Fault, quoteIdentifier } from '@datacraft/shared';

export interface MergeRelations {
  readonly incoming: string;
  /** The rows in whose place the merged ones come: those of a whole table, or of some of its files. */
  readonly current: string;
  /** Has each row of the table whose key an incoming row has; default `current`. */
  readonly known?: string;
  /** Has every key of the cell's result, also of rows that rules set aside; default `incoming`. */
  readonly source?: string;
  /** Known beforehand: no two incoming rows have one key, and no row that is there is later than the incoming one of its key. */
  readonly isLatest?: boolean;
}

/** Several rows of a key come to be one. */
export function firstMergeSelect(spec: SqlSpec, incoming: string): string {
  return latestSelect(spec, [[incoming, 1]]);
}

export function mergeSelect(spec: SqlSpec, relations: MergeRelations): string {
  const { incoming, current, known = current, isLatest = false } = relations;
  const stays = spec.unmatched === 'delete' ? `(${matchedSelect(spec, relations)})` : current;
  if (spec.insert_only !== true)
    return isLatest ? replaceSelect(spec, incoming, stays) : updateSelect(spec, incoming, stays);
  return `select * from ${stays} union all by name select * from (${latestSelect(spec, [[`(${newSelect(spec, incoming, known)})`, 1]])})`;
}

/** M2 where every incoming row is the one that stays. */
function replaceSelect(spec: SqlSpec, incoming: string, current: string): string {
  return `select * from ${incoming} union all by name select "there".* from ${current} as "there" anti join ${incoming} as "new" on ${sameKey(keysOf(spec), 'new')}`;
}

/** Rows that no incoming one has the key of stay without being compared: that is nearly all of them. */
function updateSelect(spec: SqlSpec, incoming: string, current: string): string {
  const keys = keysOf(spec);
  const unkeyed = keys.map((key) => `${key} is null`).join(' or ');
  const beside = (kind: 'semi' | 'anti') =>
    `select "there".* from (select * from ${current} where not (${unkeyed})) as "there" ${kind} join ${incoming} as "new" on ${sameKey(keys, 'new')}`;
  const contested = `(${beside('semi')} union all by name select * from ${current} where ${unkeyed})`;
  const latest = latestSelect(spec, [
    [incoming, 1],
    [contested, 0],
  ]);
  return `select * from (${latest}) union all by name ${beside('anti')}`;
}

/** Rows of `current` whose key the source has. */
function matchedSelect(spec: SqlSpec, { incoming, current, source = incoming }: MergeRelations): string {
  return `select "there".* from ${current} as "there" semi join ${source} as "source" on ${sameKey(keysOf(spec), 'source')}`;
}

/** Incoming rows whose key the table does not have. */
function newSelect(spec: SqlSpec, incoming: string, known: string): string {
  return `select "new".* from ${incoming} as "new" anti join ${known} as "there" on ${sameKey(keysOf(spec), 'new')}`;
}

/** Of the rows of one key the latest; `isNew` decides between equally late ones. */
function latestSelect(spec: SqlSpec, parts: readonly (readonly [relation: string, isNew: 0 | 1])[]): string {
  const keys = keysOf(spec);
  const rank = [
    ...(spec.sequence_by === undefined ? [] : [`${quoteIdentifier(spec.sequence_by)} desc nulls last`]),
    '"__new" desc',
    '"__hash"',
  ];
  const rows = parts
    .map(([relation, isNew]) => `select *, ${isNew} as "__new", hash("each") as "__hash" from ${relation} as "each"`)
    .join(' union all by name ');
  const unkeyed = `case when ${keys.map((key) => `${key} is null`).join(' or ')} then "__hash" end`;
  const partition = [...keys, unkeyed].join(', ');
  return `select * exclude ("__new", "__hash") from (${rows}) qualify row_number() over (partition by ${partition} order by ${rank.join(', ')}) = 1`;
}

/**
 * Of a merge whose rows all have a key, those of `incoming` that change `current`: their key is not there, or the row of
 * their key is neither later nor the same, or there are several. Rows that `unmatched` deletes are not among them.
 */
export function changesSelect(spec: SqlSpec, incoming: string, current: string, columns: readonly Column[]): string {
  if (spec.insert_only === true) return newSelect(spec, incoming, current);
  const keys = keysOf(spec);
  const latest = firstMergeSelect(spec, incoming);
  const [there, fresh] = ['"there"', '"new"'];
  const same = columns
    .map(({ name }) => quoteIdentifier(name))
    .map((name) => `${there}.${name} is not distinct from ${fresh}.${name}`)
    .join(' and ');
  const later = laterSql(spec.sequence_by);
  return `select ${fresh}.* from (${latest}) as ${fresh} left join ${current} as ${there} on ${sameKey(keys, 'new')}
    qualify ${there}.${keys[0] ?? ''} is null or not (${later} or (${same})) or count(*) over (partition by ${keys.map((key) => `${fresh}.${key}`).join(', ')}) > 1`;
}

/** A row of `"there"` is later than one of `"new"`, by `sequence_by`. */
export function laterSql(sequence: string | undefined): string {
  if (sequence === undefined) return 'false';
  const [there, fresh] = [`"there".${quoteIdentifier(sequence)}`, `"new".${quoteIdentifier(sequence)}`];
  return `coalesce(${there} > ${fresh}, ${there} is not null and ${fresh} is null)`;
}

/** Quoted. */
export function keysOf(spec: SqlSpec): string[] {
  const keys = typeof spec.unique_key === 'string' ? [spec.unique_key] : [...(spec.unique_key ?? [])];
  if (keys.length === 0)
    throw new Fault('bad-request', 'strategy merge needs unique_key: name the columns that tell one row from another');
  return keys.map(quoteIdentifier);
}

/** A row of `"there"` has the key of one of the other relation; never where a part of it is NULL. */
export function sameKey(keys: readonly string[], other: 'new' | 'source'): string {
  return keys.map((key) => `"there".${key} = "${other}".${key}`).join(' and ');
}

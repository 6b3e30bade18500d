/**
 * Facts: the rows of a cell with a surrogate key for each dimension they point at.
 *
 * K1  Every row has every key; NULL and what a dimension does not know are -1, the unknown member.
 * K2  A look-up neither drops nor doubles a row.
 * K3  Keys are looked up anew for all rows in each run: a member that came late heals the facts that waited for it.
 *
 * Of an SCD 2 dimension, and with a `time_column`, it is the version that was valid at the row's time. Pure.
 */
import type { SqlSpec } from '../document/spec/sql.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { columnList, lookupColumns, quotedList, surrogateKey, tableOf } from './model-columns.ts';
import type { Pointer } from './model-columns.ts';

/** What a fact must know of a dimension. */
export interface DimensionFacts {
  readonly unique_key: string | readonly string[];
  readonly scd: 0 | 1 | 2;
}

export interface Lookup extends Pointer {
  /** SQL name of the dimension. */
  readonly relation: string;
  /** Its business key, in the order of `columns`. */
  readonly match: readonly string[];
  readonly scd: 0 | 1 | 2;
}

export interface FactWrite {
  readonly spec: Pick<SqlSpec, 'unique_key' | 'sequence_by' | 'time_column'>;
  readonly incoming: string;
  /** SQL name of the published fact and its columns without the keys; null where the rows that came are the table. */
  readonly current: { readonly relation: string; readonly columns: readonly string[] } | null;
  readonly lookups: readonly Lookup[];
}

/** Where each dimension is found; without facts it is matched by the columns' own names. */
export function lookupsOf(
  dimensions: Readonly<Record<string, string>>,
  factsOf: (target: string) => { readonly relation: string; readonly facts: DimensionFacts | null },
): Lookup[] {
  return lookupColumns(dimensions).map((pointer) => {
    const { relation, facts } = factsOf(pointer.target);
    const match = columnList(facts?.unique_key);
    return {
      ...pointer,
      relation,
      match: match.length === pointer.columns.length ? match : pointer.columns,
      scd: facts?.scd ?? 1,
    };
  });
}

export function factSelect(write: FactWrite): string {
  const { lookups } = write;
  const keys = lookups.map(({ key }, at) => `, coalesce("__d${at}"."__key", -1) as ${quoteIdentifier(key)}`);
  const joins = lookups.map((lookup, at) => `\n${joinOf(lookup, at, write.spec.time_column)}`);
  return `select "__f".*${keys.join('')} from (${factRows(write)}) as "__f"${joins.join('')}`;
}

function joinOf(lookup: Lookup, at: number, time: string | undefined): string {
  const alias = `"__d${at}"`;
  const key = quoteIdentifier(surrogateKey(tableOf(lookup.target)));
  const match = quotedList(lookup.match);
  const equal = lookup.columns.map(
    (column, index) => `"__f".${quoteIdentifier(column)} = ${alias}.${quoteIdentifier(lookup.match[index] ?? column)}`,
  );
  const known = `from ${lookup.relation} where ${key} <> -1`;
  if (lookup.scd !== 2 || time === undefined) {
    const current = `select ${match}, max(${key}) as "__key" ${known} and is_current group by all`;
    return `left join (${current}) as ${alias} on ${equal.join(' and ')}`;
  }
  const when = `"__f".${quoteIdentifier(time)}`;
  const versions = `select ${match}, valid_from, ${key} as "__key" ${known}`;
  return `asof left join (${versions}) as ${alias} on ${equal.join(' and ')} and ${when} >= ${alias}.valid_from`;
}

/** With a `unique_key` rows are merged into those that are there, the latest by sequence; rows without a key stay apart. */
function factRows({ spec, incoming, current }: FactWrite): string {
  const keys = columnList(spec.unique_key).map(quoteIdentifier);
  if (keys.length === 0) return `select * from ${incoming}`;
  const came = `select *, 1 as "__new" from ${incoming}`;
  const stored =
    current === null
      ? ''
      : ` union all by name select ${quotedList(current.columns)}, 0 as "__new" from ${current.relation}`;
  const unkeyed = `case when ${keys.map((key) => `${key} is null`).join(' or ')} then hash("__each") end`;
  const sequenced = spec.sequence_by === undefined ? '' : `${quoteIdentifier(spec.sequence_by)} desc nulls last, `;
  const order = `${sequenced}"__new" desc, hash("__each")`;
  return `select * exclude ("__new") from (${came}${stored}) as "__each"
qualify row_number() over (partition by ${[...keys, unkeyed].join(', ')} order by ${order}) = 1`;
}

/**
 * Data Vault: hubs hold business keys, links hold which of them met, satellites what was said of them and when.
 *
 * V1  Rows are added and never changed: the first load date and record source of a row stay.
 * V2  A hash key depends on the business key alone, so that hubs, links and satellites load in any order.
 * V3  A satellite has a row for each change of what is said, by `hash_diff`, in the order of load dates.
 *
 * The load date is the row's `sequence_by`, else the time of the run. Pure: text in, text out.
 */
import type { SqlSpec } from '../document/spec/sql.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { columnList, hashKey, hashOf, hubColumns, quotedList, tableOf } from './model-columns.ts';

export interface VaultWrite {
  readonly name: string;
  readonly spec: Pick<SqlSpec, 'unique_key' | 'sequence_by' | 'hubs' | 'hub'>;
  readonly incoming: string;
  /** SQL name of the published rows; null where there are none. */
  readonly current: string | null;
  /** ISO time of the run. */
  readonly now: string;
  /** Where the rows come from; a column `record_source` of the cell says it row by row. */
  readonly recordSource: string | null;
}

function loadDate({ spec, now }: VaultWrite): string {
  return spec.sequence_by === undefined
    ? `cast(${quoteLiteral(now.replace('Z', ''))} as timestamp)`
    : quoteIdentifier(spec.sequence_by);
}

function recordSource({ recordSource: text }: VaultWrite): string {
  return text === null ? 'record_source' : `${quoteLiteral(text)} as record_source`;
}

export function hubSelect(write: VaultWrite): string {
  const columns = columnList(write.spec.unique_key);
  const key = quoteIdentifier(hashKey(write.name));
  const came = `select ${hashOf(columns)} as ${key}, ${quotedList(columns)}, ${loadDate(write)} as load_date, ${recordSource(write)}
from ${write.incoming} where ${present(columns)}`;
  return firstOf(came, key, write.current);
}

export function linkSelect(write: VaultWrite): string {
  const hubs = hubColumns(write.spec.hubs ?? {});
  const columns = hubs.flatMap((hub) => hub.columns);
  const key = quoteIdentifier(hashKey(write.name));
  const hashes = hubs.map((hub) => `${hashOf(hub.columns)} as ${quoteIdentifier(hub.key)}`).join(', ');
  const own = columnList(write.spec.unique_key).filter((column) => !columns.includes(column));
  const came = `select ${hashOf([...columns, ...own])} as ${key}, ${hashes}${own.map((column) => `, ${quoteIdentifier(column)}`).join('')},
  ${loadDate(write)} as load_date, ${recordSource(write)}
from ${write.incoming} where ${present(columns)}`;
  return firstOf(came, key, write.current);
}

export function satelliteSelect(write: VaultWrite): string {
  const columns = columnList(write.spec.unique_key);
  const key = quoteIdentifier(hashKey(tableOf(write.spec.hub ?? write.name)));
  const source = write.recordSource === null ? '' : `, ${recordSource(write)}`;
  const quiet = write.recordSource === null ? [...columns, 'record_source'] : columns;
  const payload = `md5(cast(row(*columns(* exclude (${quotedList(quiet)}))) as varchar))`;
  const came = `select ${hashOf(columns)} as ${key}, ${loadDate(write)} as load_date, ${payload} as hash_diff${source},
  * exclude (${quotedList(columns)}) from ${write.incoming} where ${present(columns)}`;
  const stored = write.current === null ? '' : `\nunion all by name select *, 0 as "__new" from ${write.current}`;
  return `with "__seen" as (select *, 1 as "__new" from (${came})${stored}),
"__once" as (select * from "__seen" qualify row_number() over (partition by ${key}, load_date, hash_diff order by "__new", hash("__seen")) = 1)
select * exclude ("__new") from "__once"
qualify "__new" = 0 or hash_diff is distinct from lag(hash_diff) over (partition by ${key} order by load_date, "__new", hash_diff)`;
}

function present(columns: readonly string[]): string {
  return columns.map((column) => `${quoteIdentifier(column)} is not null`).join(' and ');
}

function firstOf(came: string, key: string, current: string | null): string {
  const stored = current === null ? '' : `\nunion all by name select *, 0 as "__new" from ${current}`;
  return `with "__seen" as (select *, 1 as "__new" from (${came})${stored})
select * exclude ("__new") from "__seen"
qualify row_number() over (partition by ${key} order by "__new", load_date, hash("__seen")) = 1`;
}

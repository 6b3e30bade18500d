/**
 * Dimensions: what a cell says of things, kept under surrogate keys.
 *
 * D1  A surrogate key stays with its thing: of SCD 0 and 1 the business key, of SCD 2 a version of it.
 * D2  Of SCD 2 the versions of a key neither overlap nor leave a gap, and the last one is current.
 * D3  Late and out-of-order rows end in the timeline that rows in order would have given.
 * D4  A key that does not come again stays as it was. Key -1 is the unknown member.
 *
 * With `sequence_by` a version begins at the sequence of the first row that says it and keeps the sequence of the last
 * one that said it, so that a late row between the two still parts them. Pure: text in, text out.
 */
import type { SqlSpec } from '../document/spec/sql.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { columnList, quotedList, surrogateKey } from './model-columns.ts';

export interface DimensionWrite {
  readonly name: string;
  readonly spec: Pick<SqlSpec, 'scd' | 'unique_key' | 'sequence_by'>;
  /** SQL name of the rows that came. */
  readonly incoming: string;
  readonly current: CurrentDimension | null;
  /** ISO time: since when rows without a sequence are valid. */
  readonly now: string;
}

export interface CurrentDimension {
  /** SQL name of the published dimension. */
  readonly relation: string;
  /** Its columns that the rows that came have too. */
  readonly columns: readonly string[];
  /** A rebuild takes the keys of the published rows and none of their values. */
  readonly keysOnly: boolean;
}

interface Parts extends DimensionWrite {
  readonly key: string;
  /** Business key, quoted. */
  readonly by: string;
  readonly byColumns: readonly string[];
  readonly sequence: string | null;
}

const defaultScd = 1;

/** The whole dimension after these rows, unknown member included. */
export function dimensionSelect(write: DimensionWrite): string {
  const byColumns = columnList(write.spec.unique_key);
  const parts: Parts = {
    ...write,
    key: quoteIdentifier(surrogateKey(write.name)),
    by: quotedList(byColumns),
    byColumns: byColumns.map(quoteIdentifier),
    sequence: write.spec.sequence_by === undefined ? null : quoteIdentifier(write.spec.sequence_by),
  };
  const scd = write.spec.scd ?? defaultScd;
  const steps = [...storedRows(parts), ...(scd === 2 ? versions(parts) : members(parts, scd)), ...keyed(parts, scd)];
  return `with ${steps.join(',\n')}
select ${parts.key}, * exclude (${parts.key}, valid_from, valid_to, is_current), valid_from, valid_to, is_current from (
  select * from "__numbered"
  union all by name select cast(-1 as bigint) as ${parts.key}, true as is_current
)`;
}

function storedRows({ current, key }: Parts): string[] {
  return current === null ? [] : [`"__stored" as (select * from ${current.relation} where ${key} <> -1)`];
}

function sequenceOf({ sequence, now }: Parts): string {
  return sequence ?? `cast(${quoteLiteral(now.replace('Z', ''))} as timestamp)`;
}

/** SCD 0 keeps what was said first, SCD 1 what was said last. */
function members(parts: Parts, scd: 0 | 1): string[] {
  const { incoming, current, by, sequence } = parts;
  const at = sequenceOf(parts);
  const came = `select *, ${at} as "__at", ${at} as "__from", 1 as "__new" from ${incoming}`;
  const stored =
    current === null || current.keysOnly
      ? ''
      : `\n  union all by name select ${quotedList(current.columns)}, ${sequence ?? 'valid_from'} as "__at", valid_from as "__from", 0 as "__new" from "__stored"`;
  const sequenced = sequence === null ? '' : `"__at" ${scd === 0 ? 'asc' : 'desc'} nulls last, `;
  const order = scd === 0 ? `"__new", ${sequenced}` : `${sequenced}"__new" desc, `;
  return [
    `"__seen" as (${came}${stored})`,
    `"__rows" as (
  select * exclude ("__at", "__from", "__new"), min("__from") over (partition by ${by}) as valid_from,
    case when false then "__from" end as valid_to, true as is_current
  from "__seen" qualify row_number() over (partition by ${by} order by ${order}hash("__seen")) = 1
)`,
  ];
}

/** A row begins a version when it says other than the row before it. */
function versions(parts: Parts): string[] {
  const { by, sequence } = parts;
  const quiet = [...(sequence === null ? [] : [sequence]), '"__at"', '"__rank"'].join(', ');
  return [
    `"__seen" as (${sightings(parts)})`,
    `"__once" as (
  select * from "__seen" qualify row_number() over (partition by ${by}, "__at" order by "__rank" desc, hash("__seen")) = 1
)`,
    `"__said" as (select *, row(*columns(* exclude (${quiet}))) as "__says" from "__once")`,
    `"__begun" as (
  select *, row_number() over "__line" = 1 or "__says" is distinct from lag("__says") over "__line" as "__begins"
  from "__said" window "__line" as (partition by ${by} order by "__at")
)`,
    `"__told" as (
  select *, count(*) filter ("__begins") over (partition by ${by} order by "__at") as "__version" from "__begun"
)`,
    `"__versions" as (
  select * exclude ("__at", "__rank", "__says", "__begins", "__version"),
    min("__at") over (partition by ${by}, "__version") as valid_from
  from "__told" qualify row_number() over (partition by ${by}, "__version" order by "__at" desc) = 1
)`,
    `"__rows" as (
  select *, lead(valid_from) over "__line" as valid_to, lead(valid_from) over "__line" is null as is_current
  from "__versions" window "__line" as (partition by ${by} order by valid_from)
)`,
  ];
}

/** A stored version was said at its start and, where rows have a sequence, at the sequence it keeps. */
function sightings(parts: Parts): string {
  const { incoming, current, sequence } = parts;
  const came = `select *, ${sequenceOf(parts)} as "__at", 2 as "__rank" from ${incoming}`;
  if (current === null || current.keysOnly) return came;
  const columns = current.columns.map(quoteIdentifier);
  const starts = columns.map((column) => (column === sequence ? `valid_from as ${column}` : column)).join(', ');
  const first = `select ${starts}, valid_from as "__at", 1 as "__rank" from "__stored"`;
  const last =
    sequence === null
      ? []
      : [
          `select ${columns.join(', ')}, ${sequence} as "__at", 0 as "__rank" from "__stored" where ${sequence} > valid_from`,
        ];
  return [came, first, ...last].join('\n  union all by name ');
}

/** Keys that were given stay; new ones follow the highest. */
function keyed(parts: Parts, scd: 0 | 1 | 2): string[] {
  const { key, by, byColumns, current } = parts;
  if (current === null) {
    return [`"__numbered" as (select row_number() over (order by ${by}, valid_from) as ${key}, * from "__rows")`];
  }
  const same = byColumns.map((column) => `"__rows".${column} = "__stored".${column}`).join(' and ');
  const inVersion = scd === 2 ? ' and "__stored".valid_from >= "__rows".valid_from' : '';
  const exact = '"__stored".valid_from = "__rows".valid_from';
  const group = [...byColumns, 'valid_from'].map((column) => `"__rows".${column}`).join(', ');
  const again = [...byColumns, 'valid_from']
    .map((column) => `"__rows".${column} is not distinct from "__given".${column}`)
    .join(' and ');
  return [
    `"__given" as (
  select ${group}, coalesce(min("__stored".${key}) filter (${exact}), min("__stored".${key})) as "__key"
  from "__stored" ${scd === 2 ? 'asof ' : ''}join "__rows" on ${same}${inVersion} group by all
)`,
    `"__numbered" as (
  select coalesce("__key", (select coalesce(max(${key}), 0) from "__stored")
    + row_number() over (partition by "__key" is null order by ${by}, valid_from)) as ${key}, * exclude ("__key")
  from (select "__rows".*, "__given"."__key" from "__rows" left join "__given" on ${again})
)`,
  ];
}

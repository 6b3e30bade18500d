/**
 * How an incremental cell's new rows and its published rows become the next state of its table.
 *
 * M1  Applying the same rows twice gives the same table (`merge`, `replace_interval`).
 * M2  `merge` keeps one row per key: of two with the same key the one with the greater `sequence_by`, else the new one.
 *     Incoming rows have no NULL in their key; those that a table holds stay, told apart by all their values.
 *
 * Pure: text in, text out. `incoming` and `current` are SQL names of relations with their columns.
 */
import type { Column, SqlSpec, Strategy } from '@datacraft/shared';
import { Fault, quoteIdentifier, quoteLiteral, say, unreachable } from '@datacraft/shared';
import type { WriteMode } from '../iceberg/table.ts';

export interface IncrementalWrite {
  readonly mode: WriteMode;
  readonly select: string;
}

/** A cell with a key and no strategy merges. */
export function strategyOf(spec: SqlSpec): Strategy {
  return spec.strategy ?? (spec.unique_key === undefined ? 'append' : 'merge');
}

/** `current` is null on the first run and on a full refresh: the incoming rows are the table. */
export function incrementalWrite(
  spec: SqlSpec,
  incoming: string,
  current: string | null,
  columns: readonly Column[],
): IncrementalWrite {
  const strategy = strategyOf(spec);
  switch (strategy) {
    case 'append':
      return { mode: current === null ? 'overwrite' : 'append', select: `select * from ${incoming}` };
    case 'merge':
      return { mode: 'overwrite', select: mergeSelect(spec, incoming, current) };
    case 'replace_interval':
      return { mode: 'overwrite', select: replaceSelect(spec, incoming, current, columns) };
    default:
      return unreachable(strategy);
  }
}

function mergeSelect(spec: SqlSpec, incoming: string, current: string | null): string {
  const keys = keysOf(spec);
  const rank = [
    ...(spec.sequence_by === undefined ? [] : [`${quoteIdentifier(spec.sequence_by)} desc nulls last`]),
    '"__new" desc',
    '"__hash"',
  ];
  const rowsOf = (relation: string, isNew: number) =>
    `select *, ${isNew} as "__new", hash("each") as "__hash" from ${relation} as "each"`;
  const rows = [rowsOf(incoming, 1), ...(current === null ? [] : [rowsOf(current, 0)])].join(' union all by name ');
  const unkeyed = `case when ${keys.map((key) => `${key} is null`).join(' or ')} then "__hash" end`;
  const partition = [...keys, unkeyed].join(', ');
  return `select * exclude ("__new", "__hash") from (${rows}) qualify row_number() over (partition by ${partition} order by ${rank.join(', ')}) = 1`;
}

/**
 * Of a merge whose rows all have a key, those of `incoming` that change `current`: their key is not there, or the row of
 * their key is neither later nor the same, or there are several.
 */
export function changesSelect(spec: SqlSpec, incoming: string, current: string, columns: readonly Column[]): string {
  const keys = keysOf(spec);
  const latest = mergeSelect(spec, incoming, null);
  const [there, fresh] = ['"there"', '"new"'];
  const on = keys.map((key) => `${there}.${key} = ${fresh}.${key}`).join(' and ');
  const same = columns
    .map(({ name }) => quoteIdentifier(name))
    .map((name) => `${there}.${name} is not distinct from ${fresh}.${name}`)
    .join(' and ');
  const sequence = spec.sequence_by === undefined ? null : quoteIdentifier(spec.sequence_by);
  const later =
    sequence === null
      ? 'false'
      : `coalesce(${there}.${sequence} > ${fresh}.${sequence}, ${there}.${sequence} is not null and ${fresh}.${sequence} is null)`;
  return `select 1 from (${latest}) as ${fresh} left join ${current} as ${there} on ${on}
    qualify ${there}.${keys[0] ?? ''} is null or not (${later} or (${same})) or count(*) over (partition by ${keys.map((key) => `${fresh}.${key}`).join(', ')}) > 1`;
}

function replaceSelect(spec: SqlSpec, incoming: string, current: string | null, columns: readonly Column[]): string {
  const time = spec.time_column;
  if (time === undefined || !columns.some((column) => column.name === time)) {
    throw new Fault(
      'bad-request',
      say('replace_interval needs time_column to name a column of the cell, got {time}', {
        time: time ?? say('nothing'),
      }),
    );
  }
  if (current === null) return `select * from ${incoming}`;
  const column = quoteIdentifier(time);
  const bucket = (expression: string) => `date_trunc(${quoteLiteral(spec.interval ?? 'day')}, ${expression})`;
  const replaced = `select distinct ${bucket(column)} as "__interval" from ${incoming}`;
  const kept = `select * from ${current} where ${column} is null or ${bucket(column)} not in (select "__interval" from (${replaced}) where "__interval" is not null)`;
  return `select * from ${incoming} union all by name ${kept}`;
}

function keysOf(spec: SqlSpec): string[] {
  const keys = typeof spec.unique_key === 'string' ? [spec.unique_key] : [...(spec.unique_key ?? [])];
  if (keys.length === 0)
    throw new Fault('bad-request', 'strategy merge needs unique_key: name the columns that tell one row from another');
  return keys.map(quoteIdentifier);
}

/**
 * How an incremental cell's new rows and its published rows become the next state of its table.
 *
 * M1  Applying the same rows twice gives the same table (`merge`, `replace_interval`).
 * M2 to M4 are of `merge`.
 *
 * Pure: text in, text out. `incoming` and `current` are SQL names of relations with their columns.
 */
import type { Column, SqlSpec, Strategy } from '@datacraft/shared';
import { Fault, quoteIdentifier, quoteLiteral, say, unreachable } from '@datacraft/shared';
import type { WriteMode } from '../iceberg/table.ts';
import { firstMergeSelect, mergeSelect } from './merge.ts';

export interface IncrementalWrite {
  readonly mode: WriteMode;
  readonly select: string;
  /** Its rows come in no order that anybody gave them. */
  readonly isShuffled?: boolean;
}

/** A cell with a key and no strategy merges. */
export function strategyOf(spec: SqlSpec): Strategy {
  return spec.strategy ?? (spec.unique_key === undefined ? 'append' : 'merge');
}

/**
 * `current` is null on the first run and on a full refresh: the incoming rows are the table. `source` is of a merge that
 * deletes: a relation that has every key of the cell's result.
 */
export function incrementalWrite(
  spec: SqlSpec,
  incoming: string,
  current: string | null,
  columns: readonly Column[],
  source?: string,
): IncrementalWrite {
  const strategy = strategyOf(spec);
  switch (strategy) {
    case 'append':
      return { mode: current === null ? 'overwrite' : 'append', select: `select * from ${incoming}` };
    case 'merge':
      return {
        mode: 'overwrite',
        select:
          current === null
            ? firstMergeSelect(spec, incoming)
            : mergeSelect(spec, { incoming, current, ...(source === undefined ? {} : { source }) }),
        isShuffled: true,
      };
    case 'replace_interval':
      return { mode: 'overwrite', select: replaceSelect(spec, incoming, current, columns) };
    default:
      return unreachable(strategy);
  }
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

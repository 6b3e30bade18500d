import type { Column } from '@datacraft/shared';
import { partitionsOf, quoteIdentifier, quoteLiteral } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { ColumnRange } from '../iceberg/prune.ts';
import type { StagedTable } from '../iceberg/table.ts';
import { stagedAsItIs } from '../iceberg/write.ts';
import type { Interval, IntervalUnit } from '../materialize/interval.ts';
import { intervalUnits, nextOf, rangesOf, withinSql } from '../materialize/interval.ts';
import type { IntervalWork } from './interval-cells.ts';
import type { PartWork } from './touched-files.ts';
import { filesInRanges, isMostOf, rowsOfFiles, stageInPlaceOf, tableInParts } from './touched-files.ts';

/**
 * Puts `__incoming` in the place of its intervals and writes only the files that hold rows of those: of a cell that
 * records intervals those it made, else those that came. Null where the files cannot be told apart, or most of them hold
 * such rows: then the whole table is written.
 */
export async function stageInterval(
  work: PartWork,
  columns: readonly Column[],
  recorded: IntervalWork | null,
): Promise<StagedTable | null> {
  const { cell, relation, task, session } = work;
  const table = await tableInParts(work, columns);
  const given = table === null ? null : await givenWay(work, columns, recorded);
  if (table === null || given === null) return null;
  const near = await filesInRanges(
    table,
    given.ranges.map((range) => [range]),
    task,
  );
  const held = await heldRows(session, [...near.keys()], given.isReplaced);
  const touched = new Map([...near].filter(([path]) => held.has(path)));
  await session.run(`create or replace view "__touched" as ${rowsOfFiles(table, [...touched.keys()])}`);
  if (await isSame(session, [...held.values()], given.isReplaced)) {
    const asItIs = stagedAsItIs(table, partitionsOf(cell.spec.partition_by), relation);
    if (asItIs !== null) return asItIs;
  }
  if (isMostOf(table, touched)) return null;
  const select = `select * from "__incoming" union all by name select * from "__touched" where not ${given.isReplaced}`;
  return stageInPlaceOf(work, { table, touched, select, columns });
}

interface Given {
  readonly ranges: readonly ColumnRange[];
  /** Of a row of the table. */
  readonly isReplaced: string;
}

async function givenWay(
  { cell, session }: PartWork,
  columns: readonly Column[],
  recorded: IntervalWork | null,
): Promise<Given | null> {
  const time = recorded?.rule.column ?? cell.spec.time_column;
  const column = columns.find(({ name }) => name.toLowerCase() === time?.toLowerCase());
  if (column === undefined) return null;
  const name = quoteIdentifier(column.name);
  if (recorded !== null) {
    const made = rangesOf(recorded.made);
    return { ranges: made.map((range) => endsOf(column, range)), isReplaced: withinSql(name, column.type, made) };
  }
  const unit = intervalUnits.find((known) => known === (cell.spec.interval ?? 'day'));
  if (unit === undefined) return null;
  const begin = `date_trunc(${quoteLiteral(unit)}, ${name})`;
  const came = `select ${begin} from "__incoming" where ${name} is not null`;
  const ranges = (await cameIntervals(session, came, unit)).map((range) => endsOf(column, range));
  return { ranges, isReplaced: `coalesce(${begin} in (${came}), false)` };
}

async function cameIntervals(session: DuckSession, came: string, unit: IntervalUnit): Promise<Interval[]> {
  const { rows } = await session.rows(
    `select distinct epoch_ms("at"::timestamp)::varchar as "ms" from (${came}) as "came"("at") order by "ms"`,
  );
  return rows.map(([text]) => {
    const startMs = Number(text);
    return { startMs, endMs: nextOf(unit, startMs) };
  });
}

/** Both ends are included; a bound of a time is as fine as a microsecond. */
function endsOf({ name, type }: Column, { startMs, endMs }: Interval): ColumnRange {
  const first = new Date(startMs).toISOString().slice(0, -1).replace('T', ' ');
  const last = `${new Date(endMs - 1).toISOString().slice(0, -1).replace('T', ' ')}999`;
  const days = (text: string) => (type === 'DATE' ? text.replace(/ .*$/, '') : text);
  return { column: name, min: days(first), max: days(last) };
}

/** How many rows of the intervals each of these files holds. */
async function heldRows(
  session: DuckSession,
  files: readonly string[],
  isReplaced: string,
): Promise<ReadonlyMap<string, number>> {
  if (files.length === 0) return new Map();
  const list = files.map(quoteLiteral).join(', ');
  const { rows } = await session.rows(
    `select filename, count(*)::varchar from read_parquet([${list}], filename = true, hive_partitioning = false)
      where ${isReplaced} group by filename`,
  );
  return new Map(rows.map(([file, count]) => [String(file), Number(count)]));
}

/** The intervals hold just these rows. */
async function isSame(session: DuckSession, held: readonly number[], isReplaced: string): Promise<boolean> {
  const { rows } = await session.rows('select count(*)::varchar from "__incoming"');
  if (Number(rows[0]?.[0]) !== held.reduce((sum, count) => sum + count, 0)) return false;
  const there = `select * from "__touched" where ${isReplaced}`;
  const other = await session.rows(`select 1 from (select * from "__incoming" except all ${there}) limit 1`);
  return other.rows.length === 0;
}

import type { RelationRef } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import { sideTables } from '../compile/side-table.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { Judgement } from '../expectation/judge.ts';
import type { StagedTable } from '../iceberg/table.ts';
import { strategyOf } from '../materialize/incremental.ts';
import type { Readable } from './context.ts';
import type { TaskContext } from './execute.ts';
import type { IntervalWork } from './interval-cells.ts';
import { withinIntervals } from './interval-cells.ts';
import { stageSelect } from './task.ts';

interface QuarantineWork {
  readonly cell: SqlCell;
  readonly task: TaskContext;
  readonly session: DuckSession;
  /** The published rows that an incremental cell adds to. */
  readonly current: Readable | null;
  readonly intervals: IntervalWork | null;
  /** Rows set aside before, of the intervals that this run does not make. */
  readonly aside: Readable | null;
}

/** What a run of some intervals must leave set aside; null where all that is set aside is judged anew. */
export async function asideOf(
  cell: SqlCell,
  task: TaskContext,
  { current, intervals }: Pick<QuarantineWork, 'current' | 'intervals'>,
): Promise<Readable | null> {
  const [ref] = sideTables(cell);
  return ref === undefined || current === null || intervals === null ? null : task.readable(ref);
}

/** Also without a row: what the run before it set aside must not stay. Rows added to a table add to those set aside. */
export async function stageQuarantine(work: QuarantineWork, { split }: Judgement): Promise<StagedTable[]> {
  const { cell, task, current, intervals } = work;
  const [ref] = sideTables(cell);
  if (ref === undefined || split === null || split.quarantine === null) return [];
  const select = `select *, '${task.runId}' as _run_id from (${split.quarantine})`;
  if (intervals !== null) return [await stageOfIntervals(work, ref, select, intervals)];
  const isAdded = current !== null && strategyOf(cell.spec) === 'append';
  return [await stageSelect(work.session, ref, select, isAdded ? 'append' : 'overwrite', task)];
}

/** In the place of what was set aside of the intervals that are made. */
async function stageOfIntervals(
  { aside, session, task }: QuarantineWork,
  ref: RelationRef,
  select: string,
  intervals: IntervalWork,
): Promise<StagedTable> {
  if (aside === null) return stageSelect(session, ref, select, 'overwrite', task);
  for (const { sql } of aside.setup ?? []) await session.run(sql);
  const isMade = await withinIntervals(session, `select * from (${aside.scan})`, intervals);
  const stays = `select * from (${aside.scan}) where not ${isMade}`;
  return stageSelect(session, ref, `${select} union all by name ${stays}`, 'overwrite', task);
}

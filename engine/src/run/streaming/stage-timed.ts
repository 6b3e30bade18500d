import type { Column } from '@datacraft/shared';
import { partitionsOf } from '@datacraft/shared';
import type { StagedTable } from '../../iceberg/table.ts';
import type { Readable } from '../context.ts';
import type { KeptRows } from '../keep-rows.ts';
import { stageSelect } from '../task.ts';
import type { DefinedStream } from './define-streams.ts';
import { defineStreams } from './define-streams.ts';
import type { StreamedRows, StreamingWork } from './execute-streaming.ts';
import { stageAdded } from './stage-added.ts';
import { lateRef, stateRef } from './feeding.ts';
import type { StagedParts } from './stage-parts.ts';
import { replaceable, stageAnew, stageReplacing } from './stage-parts.ts';
import type { TimedShape } from './statements.ts';
import { finalSql, lateSql, microsSql, neededSql, stateSql, tablesOf } from './statements.ts';
import { boundOf } from './watermark.ts';

/** Makes what is not final again, of all rows it is made of, and keeps those that the next commit needs. */
export async function stageTimed(
  work: StreamingWork,
  shape: TimedShape,
  table: Readable | null,
): Promise<StreamedRows> {
  const { cell, task, session, feeding } = work;
  const { memory } = feeding;
  const streams = await defineStreams(session, feeding, task.deps.now().getTime());
  const ends = shape.kind === 'windows' ? shape.key : shape.end;
  const finalBy = (bound: number | null) => (columns: Parameters<typeof microsSql>[1]) =>
    finalSql(shape, microsSql(ends, columns, cell.name), bound);
  const before = memory?.boundUs ?? null;
  const bound = boundOf(
    streams.map(({ times }) => times),
    cell.spec.lateness,
    before,
  );
  const [wasFinal, isFinal] = [finalBy(before), finalBy(bound)];
  const { kept, staged, open, quarantine } =
    cell.spec.output === 'final'
      ? await onceFinal(work, wasFinal, isFinal)
      : await corrected(work, wasFinal, isFinal, table);
  const state = await stageState(work, shape, streams, bound);
  const lateRows = streams.reduce((sum, each) => sum + each.lateRows, 0);
  return {
    ...kept,
    staged,
    side: [state, ...(await stageLate(work, streams, lateRows)), ...quarantine],
    memory: {
      times: Object.fromEntries(streams.map(({ name, times }) => [name, times])),
      boundUs: bound,
      open,
      stateRows: state.totalRows,
      late: (memory?.late ?? 0) + lateRows,
    },
  };
}

/** Whether a row of the answer is final, as SQL over its columns. */
type Final = (columns: readonly Column[]) => string;

interface Made extends StagedParts {
  readonly kept: KeptRows;
  readonly quarantine: readonly StagedTable[];
}

/** `output: update`: open rows stand in the table, and the next commit makes them again. */
async function corrected(work: StreamingWork, wasFinal: Final, isFinal: Final, table: Readable | null): Promise<Made> {
  const kept = await work.make((columns) => `not ${wasFinal(columns)}`);
  const columns = await work.session.describe(`select * from ${kept.kept}`);
  const parts = {
    final: `select * from ${kept.kept} where ${isFinal(columns)}`,
    open: `select * from ${kept.kept} where not ${isFinal(columns)}`,
  };
  return { kept, quarantine: [], ...(await stageTable(work, parts, table && (() => wasFinal(columns)), table)) };
}

/** `output: final`: what has become final since the last commit is added, and nothing of the table changes again. */
async function onceFinal(work: StreamingWork, wasFinal: Final, isFinal: Final): Promise<Made> {
  const kept = await work.make((columns) => `not ${wasFinal(columns)} and ${isFinal(columns)}`);
  return { kept, open: null, ...(await stageAdded(work, kept)) };
}

/** Only the files with open rows are written anew, while they hold nothing else. */
async function stageTable(
  { cell, task, session, feeding }: StreamingWork,
  parts: { readonly final: string; readonly open: string },
  finalBefore: (() => string) | null,
  table: Readable | null,
): Promise<StagedParts> {
  const by = partitionsOf(cell.spec.partition_by);
  const open = feeding.memory?.open ?? null;
  const whole = await replaceable(cell.relation, open, task);
  if (whole && open) return stageReplacing(session, whole, open, parts, task, by);
  if (table === null || finalBefore === null) return stageAnew(session, cell.relation, parts, task, by);
  const settled = `select * from (${table.scan}) where ${finalBefore()}`;
  return stageAnew(
    session,
    cell.relation,
    { ...parts, final: `${settled}\nunion all by name\n${parts.final}` },
    task,
    by,
  );
}

function stageState(
  { cell, task, session }: StreamingWork,
  shape: TimedShape,
  streams: readonly DefinedStream[],
  bound: number | null,
): Promise<StagedTable> {
  const needed = streams.map(({ name, index, micros }) => ({
    stream: name,
    needed: neededSql(shape, tablesOf(index).rows, micros, bound),
  }));
  return stageSelect(session, stateRef(cell), stateSql(needed), 'overwrite', task);
}

/** Also of a cell that is made anew: rows that were late before are among all rows then. */
async function stageLate(
  { cell, task, session, feeding }: StreamingWork,
  streams: readonly DefinedStream[],
  lateRows: number,
): Promise<StagedTable[]> {
  const { memory } = feeding;
  if (memory !== null && lateRows === 0) return [];
  const parts = streams.map(({ name, index, late }) => ({ stream: name, tables: tablesOf(index), late }));
  const rows = lateSql(parts, memory?.boundUs ?? null);
  return [await stageSelect(session, lateRef(cell), rows, memory === null ? 'overwrite' : 'append', task)];
}

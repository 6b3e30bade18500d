import { partitionsOf } from '@datacraft/shared';
import type { StagedTable } from '../../iceberg/table.ts';
import type { Readable } from '../context.ts';
import { stageSelect } from '../task.ts';
import type { DefinedStream } from './define-streams.ts';
import { defineStreams } from './define-streams.ts';
import type { StreamedRows, StreamingWork } from './execute-streaming.ts';
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
  const kept = await work.make((columns) => `not ${finalBy(before)(columns)}`);
  const bound = boundOf(
    streams.map(({ times }) => times),
    cell.spec.lateness,
    before,
  );
  const columns = await session.describe(`select * from ${kept.kept}`);
  const isFinal = finalBy(bound)(columns);
  const parts = {
    final: `select * from ${kept.kept} where ${isFinal}`,
    open: `select * from ${kept.kept} where not ${isFinal}`,
  };
  const { staged, open } = await stageTable(work, parts, table && (() => finalBy(before)(columns)), table);
  const state = await stageState(work, shape, streams, bound);
  const lateRows = streams.reduce((sum, each) => sum + each.lateRows, 0);
  return {
    ...kept,
    staged,
    side: [state, ...(await stageLate(work, streams, lateRows))],
    memory: {
      times: Object.fromEntries(streams.map(({ name, times }) => [name, times])),
      boundUs: bound,
      open,
      stateRows: state.totalRows,
      late: (memory?.late ?? 0) + lateRows,
    },
  };
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

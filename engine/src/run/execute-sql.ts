import type { Column, RelationRef } from '@datacraft/shared';
import { Fault, isFault, partitionsOf, quoteIdentifier, relationName, say, isModelKind } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import { sideTables } from '../compile/side-table.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { contractOf } from '../expectation/contract.ts';
import type { Judgement } from '../expectation/judge.ts';
import { scanWritten } from '../iceberg/scan.ts';
import type { StagedTable } from '../iceberg/table.ts';
import type { IncrementalWrite } from '../materialize/incremental.ts';
import { incrementalWrite, strategyOf } from '../materialize/incremental.ts';
import { rangesOf, withinSql } from '../materialize/interval.ts';
import { hullOf } from '../materialize/interval-parameters.ts';
import type { Publication } from '../publish/publish.ts';
import { placed } from '../query/place.ts';
import type { Readable } from './context.ts';
import type { TaskContext } from './execute.ts';
import { onlineDraft } from './feature-rows.ts';
import type { IntervalWork } from './interval-cells.ts';
import { intervalWork } from './interval-cells.ts';
import { definitionOf, judged } from './judged.ts';
import { executeReplay, isReplay } from './replay.ts';
import { refuseUnmergeable } from './refuse-unmergeable.ts';
import { stageInterval } from './stage-interval.ts';
import { stageMerge } from './stage-merge.ts';
import { stageModel } from './stage-model.ts';
import { executeStreaming } from './streaming/execute-streaming.ts';
import { stageSelect } from './task.ts';
import type { Upstream } from './upstream.ts';
import { defineUpstream, filesOf, openUpstream } from './upstream.ts';
import { viewDefinition } from './view-definition.ts';

interface SqlWork {
  readonly cell: SqlCell;
  readonly relation: RelationRef;
  readonly task: TaskContext;
  readonly session: DuckSession;
  readonly upstream: Upstream;
  /** The published rows that an incremental cell adds to. */
  readonly current: Readable | null;
  readonly intervals: IntervalWork | null;
}

/** Runs a sql cell up to a staged, judged result. */
export async function executeSql(cell: SqlCell, task: TaskContext): Promise<Publication> {
  const { relation } = cell;
  if (relation === null) throw new Error(`cell ${cell.name} has no relation`);
  if (cell.streaming) return executeStreaming({ ...cell, relation, streaming: cell.streaming }, task);
  if (isReplay(cell, task)) return executeReplay(cell, task);
  const current = isModelKind(cell.materialize)
    ? await task.readable(relation)
    : cell.materialize === 'incremental'
      ? await currentState(cell, relation, task)
      : null;
  const intervals = cell.materialize === 'incremental' ? intervalWork(cell, current === null, task) : null;
  const upstream = await openUpstream(cell, task, intervals === null ? null : hullOf(intervals.made));
  const session = await task.openSession([...filesOf(upstream), ...(current?.files ?? [])]);
  await defineUpstream(session, upstream, task);
  const work: SqlWork = { cell, relation, task, session, upstream, current, intervals };
  return cell.materialize === 'view' ? describeView(work) : stageJudged(work);
}

/** Stages the rows, judges them, and stages anew without those that rules set aside. */
async function stageJudged(work: SqlWork): Promise<Publication> {
  const { cell, relation, task, session } = work;
  const written = await writtenAsTyped(work);
  await session.run(`create view "__judged" as ${scanWritten(written)}`);
  const contract = contractOf(cell.spec.contract, written.columns, publishedColumns(work));
  const judgement = await judged(work, contract?.rules ?? []);
  const stays = judgement.removed === 0 || judgement.split === null ? '"__judged"' : `(${judgement.split.keep})`;
  const shape = contract?.shape(stays, judgement.checks) ?? null;
  const kept = shape === null ? stays : `(${shape})`;
  const model = isModelKind(cell.materialize) ? await stageModel({ ...work, keep: cell.materialize }, kept) : null;
  const staged =
    model?.staged ??
    (cell.materialize === 'incremental'
      ? await stageIncremental(work, kept)
      : judgement.removed === 0 && shape === null
        ? written
        : await stageSelect(
            session,
            relation,
            `select * from ${kept}`,
            'overwrite',
            task,
            partitionsOf(cell.spec.partition_by),
          ));
  return {
    ref: relation,
    cell: cell.name,
    kind: 'table',
    staged,
    basedOn: work.current ? (task.known.published.get(relationName(relation))?.snapshotId ?? null) : undefined,
    side: await stageQuarantine(work, judgement),
    definition: definitionOf(cell),
    fingerprint: task.fingerprint,
    upstream: task.upstream,
    columns: staged.columns,
    rows: staged.totalRows,
    rejected: judgement.removed + (model?.left ?? 0),
    checks: judgement.checks,
    ...(cell.spec.feature_table === undefined
      ? {}
      : { online: await onlineDraft(session, staged, cell.spec.feature_table) }),
    ...(work.intervals ? { intervals: work.intervals } : {}),
  };
}

/** The cell's own SELECT, whose errors are at a place in somebody's text. */
async function writtenAsTyped(work: SqlWork): Promise<StagedTable> {
  const { cell, relation, task, session, upstream } = work;
  const { select, toOriginal } = upstream.chain;
  try {
    const rows = await owedRows(work);
    const partitionBy = cell.materialize === 'table' ? partitionsOf(cell.spec.partition_by) : [];
    return await stageSelect(session, relation, rows, 'overwrite', task, partitionBy);
  } catch (error) {
    throw placed(error, { sql: select, text: cell.sql ?? '', cell: cell.name, toOriginal });
  }
}

/** Of a cell that records intervals, the rows of those it owes. */
async function owedRows({ intervals, session, upstream }: SqlWork): Promise<string> {
  const { select } = upstream.chain;
  if (intervals === null) return select;
  const within = await withinIntervals(session, select, intervals);
  return `select * from (${select}\n) where ${within}`;
}

async function withinIntervals(session: DuckSession, select: string, { rule, made }: IntervalWork): Promise<string> {
  const columns = await session.describe(select);
  const column = columns.find(({ name }) => name.toLowerCase() === rule.column.toLowerCase());
  if (!column) {
    const names = columns.map(({ name }) => name).join(', ');
    throw new Fault(
      'bad-request',
      say('time_column names {column}, which is no column; its columns are {names}', { column: rule.column, names }),
    );
  }
  return withinSql(quoteIdentifier(column.name), column.type, rangesOf(made));
}

/** What the contract is without columns of its own. */
function publishedColumns({ relation, task }: SqlWork): readonly Column[] | null {
  return task.known.published.get(relationName(relation))?.columns ?? null;
}

async function stageIncremental(work: SqlWork, kept: string): Promise<StagedTable> {
  const { cell, relation, task, session, current } = work;
  await session.run(`create view "__incoming" as select * from ${kept}`);
  const columns = await session.describe('select * from "__incoming"');
  const isMerge = strategyOf(cell.spec) === 'merge';
  if (isMerge) await refuseUnmergeable(work);
  const isReplacing = strategyOf(cell.spec) === 'replace_interval' || (work.intervals !== null && !isMerge);
  const inParts =
    current && isMerge
      ? await stageMerge(work, columns)
      : current && isReplacing
        ? await stageInterval(work, columns, work.intervals)
        : null;
  if (inParts !== null) return inParts;
  for (const { sql } of current?.setup ?? []) await session.run(sql);
  if (current) await session.run(`create view "__current" as ${current.scan}`);
  const write = await incrementalOf(work, columns);
  return stageSelect(session, relation, write.select, write.mode, task, partitionsOf(cell.spec.partition_by));
}

/**
 * A cell that records intervals puts the rows of those it made in the place of what they held, but for a merge. Where they
 * held nothing the table is only added to.
 */
async function incrementalOf(
  { cell, current, intervals, session }: SqlWork,
  columns: readonly Column[],
): Promise<IncrementalWrite> {
  const now = current ? '"__current"' : null;
  if (intervals === null || strategyOf(cell.spec) === 'merge' || now === null)
    return incrementalWrite(cell.spec, '"__incoming"', now, columns);
  const replaced = await withinIntervals(session, `select * from ${now}`, intervals);
  const page = await session.rows(`select count(*) from ${now} where ${replaced}`);
  if (Number(page.rows[0]?.[0]) === 0) return { mode: 'append', select: 'select * from "__incoming"' };
  return {
    mode: 'overwrite',
    select: `select * from "__incoming" union all by name select * from ${now} where not ${replaced}`,
  };
}

/** Also without a row: what the run before it set aside must not stay. Rows added to a table add to those set aside. */
async function stageQuarantine(work: SqlWork, { split }: Judgement): Promise<StagedTable[]> {
  const { cell, session, task, current } = work;
  const [ref] = sideTables(cell);
  if (ref === undefined || split === null || split.quarantine === null) return [];
  const isAdded = current !== null && strategyOf(cell.spec) === 'append';
  const select = `select *, '${task.runId}' as _run_id from (${split.quarantine})`;
  return [await stageSelect(session, ref, select, isAdded ? 'append' : 'overwrite', task)];
}

/** The published rows an incremental cell adds to: none on a full refresh and when its text has changed. */
async function currentState(cell: SqlCell, relation: RelationRef, task: TaskContext): Promise<Readable | null> {
  if (task.options.fullRefresh || cell.spec.refresh === 'full') return null;
  const published = task.known.published.get(relationName(relation));
  if (published?.definition?.meaning !== cell.meaning) {
    if (published && cell.spec.refresh === 'incremental_strict') throw notStrict(cell);
    return null;
  }
  return task.readable(relation);
}

function notStrict(cell: SqlCell): Fault {
  const message =
    'its text has changed, so its table would begin anew, and `refresh: incremental_strict` forbids that; run it with a full refresh, or write `refresh: auto`';
  return new Fault('bad-request', message, { cell: cell.name });
}

async function describeView({ cell, relation, task, session, upstream }: SqlWork): Promise<Publication> {
  const { select, toOriginal } = upstream.chain;
  try {
    const columns = await session.describe(select);
    const { totalRows } = await session.rows(select, { limit: 0, countTotal: true });
    return {
      ref: relation,
      cell: cell.name,
      kind: 'view',
      staged: null,
      basedOn: undefined,
      side: [],
      definition: { ...viewDefinition(task.graph, cell, upstream.opened), meaning: cell.meaning },
      fingerprint: task.fingerprint,
      upstream: task.upstream,
      columns,
      rows: totalRows ?? 0,
      rejected: 0,
      checks: [],
    };
  } catch (error) {
    if (!isFault(error)) throw error;
    throw placed(error, { sql: select, text: cell.sql ?? '', cell: cell.name, toOriginal });
  }
}

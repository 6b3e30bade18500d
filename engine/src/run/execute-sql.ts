import type { Column, RelationRef } from '@datacraft/shared';
import { Fault, isFault, partitionsOf, relationName, isModelKind } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { contractOf } from '../expectation/contract.ts';
import { scanWritten } from '../iceberg/scan.ts';
import { resolvePartition } from '../iceberg/partition/partition-field.ts';
import type { LoadedTable, StagedTable } from '../iceberg/table.ts';
import type { IncrementalWrite } from '../materialize/incremental.ts';
import { incrementalWrite, strategyOf } from '../materialize/incremental.ts';
import { hullOf } from '../materialize/interval-parameters.ts';
import type { Publication } from '../publish/publish.ts';
import { placed } from '../query/place.ts';
import type { Readable } from './context.ts';
import type { TaskContext } from './execute.ts';
import { onlineDraft } from './feature-rows.ts';
import type { IntervalWork } from './interval-cells.ts';
import { intervalWork, withinIntervals } from './interval-cells.ts';
import { definitionOf, judged } from './judged.ts';
import { executeReplay, isReplay } from './replay.ts';
import { refuseUnmergeable } from './refuse-unmergeable.ts';
import { stageInterval } from './stage-interval.ts';
import { stageMerge } from './stage-merge.ts';
import { asideOf, stageQuarantine } from './stage-quarantine.ts';
import { stageModel } from './stage-model.ts';
import { executeStreaming } from './streaming/execute-streaming.ts';
import type { Survey } from './survey.ts';
import { surveyIncoming } from './survey.ts';
import type { AsideRows } from './task.ts';
import { stageSelect, writeAside } from './task.ts';
import { tableInParts } from './touched-files.ts';
import type { Upstream } from './upstream.ts';
import { defineUpstream, filesOf, openUpstream, rowsRead } from './upstream.ts';
import { viewDefinition } from './view-definition.ts';

/** About a row group. */
const FEW_ROWS = 100_000;

interface SqlWork {
  readonly cell: SqlCell;
  readonly relation: RelationRef;
  readonly task: TaskContext;
  readonly session: DuckSession;
  readonly upstream: Upstream;
  /** The published rows that an incremental cell adds to. */
  readonly current: Readable | null;
  readonly intervals: IntervalWork | null;
  readonly aside: Readable | null;
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
  const aside = await asideOf(cell, task, { current, intervals });
  const files = [...filesOf(upstream), ...(current?.files ?? []), ...(aside?.files ?? [])];
  const session = await task.openSession(files);
  await defineUpstream(session, upstream, task);
  const work: SqlWork = { cell, relation, task, session, upstream, current, intervals, aside };
  return cell.materialize === 'view' ? describeView(work) : stageJudged(work);
}

/** Stages the rows, judges them, and stages anew without those that rules set aside. */
async function stageJudged(work: SqlWork): Promise<Publication> {
  const { cell, relation, task, session } = work;
  const { columns, scan, whole } = await writtenAsTyped(work);
  await session.run(`create view "__judged" as ${scan}`);
  const contract = contractOf(cell.spec.contract, columns, publishedColumns(work));
  const judgement = await judged(work, contract?.rules ?? []);
  const stays = judgement.removed === 0 || judgement.split === null ? '"__judged"' : `(${judgement.split.keep})`;
  const shape = contract?.shape(stays, judgement.checks) ?? null;
  const kept = shape === null ? stays : `(${shape})`;
  const model = isModelKind(cell.materialize) ? await stageModel({ ...work, keep: cell.materialize }, kept) : null;
  const staged =
    model?.staged ??
    (cell.materialize === 'incremental'
      ? await stageIncremental(work, {
          kept,
          columns: kept === '"__judged"' ? columns : null,
          all: contract?.shape('"__judged"', judgement.checks) ?? 'select * from "__judged"',
        })
      : judgement.removed === 0 && shape === null && whole !== null
        ? whole
        : await stageSelect(session, relation, `select * from ${kept}`, 'overwrite', task, {
            partitionBy: partitionsOf(cell.spec.partition_by),
          }));
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

interface AsTyped extends AsideRows {
  /** The table itself, unless rows that are there become a part of it. */
  readonly whole: StagedTable | null;
}

/** The cell's own SELECT, whose errors are at a place in somebody's text. */
async function writtenAsTyped(work: SqlWork): Promise<AsTyped> {
  const { cell, relation, task, session, upstream } = work;
  const { select, toOriginal } = upstream.chain;
  try {
    const rows = await owedRows(work);
    if (cell.materialize !== 'table') {
      const areFew = rowsRead(upstream) <= FEW_ROWS;
      return { ...(await writeAside(session, relation, rows, task, areFew)), whole: null };
    }
    const partitionBy = partitionsOf(cell.spec.partition_by);
    const whole = await stageSelect(session, relation, rows, 'overwrite', task, { partitionBy });
    return { columns: whole.columns, scan: scanWritten(whole), whole };
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

/** What the contract is without columns of its own. */
function publishedColumns({ relation, task }: SqlWork): readonly Column[] | null {
  return task.known.published.get(relationName(relation))?.columns ?? null;
}

interface GivenRows {
  /** Rows that stay. */
  readonly kept: string;
  /** Theirs, where they are known. */
  readonly columns: readonly Column[] | null;
  /** A SELECT of all rows that the cell gave: a key that rules set aside is not gone. */
  readonly all: string;
}

async function stageIncremental(work: SqlWork, { kept, columns: known, all }: GivenRows): Promise<StagedTable> {
  const { cell, relation, task, session, current } = work;
  await session.run(`create view "__incoming" as select * from ${kept}`);
  const columns = known ?? (await session.describe('select * from "__incoming"'));
  const isMerge = strategyOf(cell.spec) === 'merge';
  const table = current && isMerge ? await tableInParts(work, columns) : null;
  const survey = isMerge ? await surveyed(work, table) : null;
  const source = isMerge && cell.spec.unmatched === 'delete' ? '"__source"' : undefined;
  if (source !== undefined) await session.run(`create view ${source} as ${all}`);
  const isReplacing = strategyOf(cell.spec) === 'replace_interval' || (work.intervals !== null && !isMerge);
  const inParts =
    table && survey
      ? await stageMerge(work, { table, columns, survey, source })
      : current && isReplacing
        ? await stageInterval(work, columns, work.intervals)
        : null;
  if (inParts !== null) return inParts;
  for (const { sql } of current?.setup ?? []) await session.run(sql);
  if (current) await session.run(`create view "__current" as ${current.scan}`);
  const { select, mode, isShuffled = false } = await incrementalOf(work, columns, source);
  const partitionBy = partitionsOf(cell.spec.partition_by);
  return stageSelect(session, relation, select, mode, task, { partitionBy, isShuffled });
}

/** What is known of rows that may be merged; others are refused. `table` is merged into file by file. */
async function surveyed(work: SqlWork, table: LoadedTable | null): Promise<Survey> {
  const { cell, relation, session } = work;
  const partition = table && resolvePartition(partitionsOf(cell.spec.partition_by), table.fields, relation);
  const survey = await surveyIncoming(session, cell.spec, partition);
  await refuseUnmergeable(work, survey);
  return survey;
}

/**
 * A cell that records intervals puts the rows of those it made in the place of what they held, but for a merge. Where they
 * held nothing the table is only added to.
 */
async function incrementalOf(
  { cell, current, intervals, session }: SqlWork,
  columns: readonly Column[],
  source: string | undefined,
): Promise<IncrementalWrite> {
  const now = current ? '"__current"' : null;
  if (intervals === null || strategyOf(cell.spec) === 'merge' || now === null)
    return incrementalWrite(cell.spec, '"__incoming"', now, columns, source);
  const replaced = await withinIntervals(session, `select * from ${now}`, intervals);
  const page = await session.rows(`select count(*) from ${now} where ${replaced}`);
  if (Number(page.rows[0]?.[0]) === 0) return { mode: 'append', select: 'select * from "__incoming"' };
  return {
    mode: 'overwrite',
    select: `select * from "__incoming" union all by name select * from ${now} where not ${replaced}`,
  };
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

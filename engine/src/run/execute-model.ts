import type { ModelCell } from '../compile/graph.ts';
import type { Publication } from '../publish/publish.ts';
import type { TaskContext } from './execute.ts';
import { learn } from './learn-rows.ts';
import { forecast } from './learn-series.ts';
import { learnTable } from '../model/learn-sql.ts';
import { paramsOf, SEED } from '../model/lesson.ts';
import { withFeatures } from './model-lookups.ts';
import type { ModelWork } from './model-work.ts';
import { stageSelect } from './task.ts';
import { defineUpstream, filesOf, openUpstream } from './upstream.ts';

/** Trains a model on what the cell reads, up to staged rows and a version that the publish registers. */
export async function executeModel(cell: ModelCell, task: TaskContext): Promise<Publication> {
  const { relation, spec } = cell;
  if (relation === null) throw new Error(`cell ${cell.name} has no relation`);
  const upstream = await openUpstream(cell, task);
  const session = await task.openSession(filesOf(upstream));
  await defineUpstream(session, upstream, task);
  const { select: rows, lookups } = await withFeatures(cell, session, upstream, task);
  const columns = await session.describe(rows);
  await session.run(learnTable(rows));
  const work: ModelWork = { cell, relation, task, session, columns, lookups };
  const { answer, select, notes } = spec.task === 'forecast' ? await forecast(work) : await learn(work);
  const staged = await stageSelect(session, relation, select, 'overwrite', task);
  const reads = [...upstream.opened.keys()].map((name) => [name, task.known.published.get(name)?.snapshotId ?? null]);
  const report = { ...answer.report, notes: [...notes, ...answer.report.notes] };
  return {
    ref: relation,
    cell: cell.name,
    kind: 'table',
    staged,
    basedOn: undefined,
    side: [],
    definition: { meaning: cell.meaning },
    fingerprint: task.fingerprint,
    upstream: task.upstream,
    columns: staged.columns,
    rows: staged.totalRows,
    rejected: 0,
    checks: [],
    model: {
      spec,
      report,
      bytes: answer.bytes,
      seed: spec.split?.seed ?? SEED,
      params: paramsOf(spec),
      reads: Object.fromEntries(reads),
    },
  };
}

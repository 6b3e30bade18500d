import { relationName } from '@datacraft/shared';
import { edgesOf } from '../compile/graph.ts';
import type { Stage } from '../plan/plan.ts';
import type { Publication } from '../publish/publish.ts';
import type { PublishedRelation } from '../store/relations.ts';
import { isOwner, mayPublish, nameTaken, tableOwned } from '../store/relations.ts';
import type { ExecuteInput } from './execute.ts';
import { executeTask } from './execute.ts';
import type { Known } from './gather.ts';
import type { Prepared } from './prepare.ts';
import type { Working } from './runner.ts';
import type { TaskBoard } from './task-board.ts';
import type { Lease } from '../store/lease.ts';
import type { AgainRead } from './stage-rejects.ts';
import type { OpenSpan } from './trace.ts';
import { openRelations } from './warehouse.ts';

/** What a stage needs of whoever performs it. */
export interface StageWork extends Pick<Working, 'prepared' | 'deps' | 'signal' | 'tidying'> {
  readonly lease: Pick<Lease, 'runId'>;
  readonly board: Pick<TaskBoard, 'staged' | 'progress' | 'trained'> & Pick<ExecuteInput, 'added'>;
  readonly again?: AgainRead;
  /** The task's, when somebody listens. */
  readonly span?: OpenSpan;
}

/** Executes one stage of a plan against what the run has staged so far and what was published before it. */
export async function executeStage(stage: Stage, working: StageWork): Promise<Publication> {
  const { prepared, deps, board, signal, lease } = working;
  const { owner } = prepared;
  const { graph } = prepared.compiled;
  const cell = graph.cells.get(stage.cell);
  if (!cell) throw new Error(`stage ${stage.cell} has no cell`);
  const taken = prepared.known.published.get(relationName(stage.relation));
  if (taken && !prepared.mayRead(taken)) throw nameTaken(stage.relation);
  if (taken && !mayPublish(owner, taken)) throw tableOwned(stage.relation, taken);
  const warehouse = { ...deps, mayRead: prepared.mayRead };
  const task: ExecuteInput = {
    runId: lease.runId,
    cell,
    graph,
    known: taken && !isOwner(owner, taken) ? withoutOf(prepared.known, taken) : prepared.known,
    options: prepared.options,
    plannedAt: prepared.plannedAt,
    deps,
    resolve: prepared.resolve,
    signal,
    fingerprint: stage.fingerprint,
    upstream: upstreamFingerprints(prepared, cell.name),
    ...(working.span === undefined ? {} : { span: working.span }),
    ...(working.again && cell.kind === 'source' ? { again: working.again } : {}),
    readable: async (ref) =>
      board.staged(ref) ?? (await openRelations([ref], warehouse)).get(relationName(ref)) ?? null,
    ...(board.added ? { added: (ref) => board.added?.(ref) ?? null } : {}),
    trained: (model) => board.trained(model),
    onProgress: (progress) => board.progress(stage, progress),
  };
  return executeTask(task, (tidying) => {
    tidying.catch(() => {}); // The runner waits for it at the end, and throws it there.
    working.tidying.push(tidying);
  });
}

/** A name that another owner left: its rows are replaced, never added to. */
function withoutOf(known: Known, { ref }: PublishedRelation): Known {
  return { ...known, published: new Map([...known.published].filter(([name]) => name !== relationName(ref))) };
}

/** What the cell reads as it is now: cells by name, by which staleness is explained, tables of others as `layer.name`. */
function upstreamFingerprints({ fingerprints, compiled, known }: Prepared, name: string): Record<string, string> {
  const cell = compiled.graph.cells.get(name);
  const cells = edgesOf(cell).flatMap((each) =>
    fingerprints.has(each) ? [[each, fingerprints.get(each) ?? ''] as const] : [],
  );
  const tables = (cell?.tables ?? []).map((ref) => {
    const table = relationName(ref);
    return [table, known.published.get(table)?.fingerprint ?? ''] as const;
  });
  return Object.fromEntries([...cells, ...tables]);
}

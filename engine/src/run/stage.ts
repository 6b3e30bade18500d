import { relationName } from '@datacraft/shared';
import { edgesOf } from '../compile/graph.ts';
import type { Stage } from '../plan/plan.ts';
import type { Publication } from '../publish/publish.ts';
import { mayPublish, tableOwned } from '../store/relations.ts';
import type { Readable } from './context.ts';
import { executeTask } from './execute.ts';
import type { Execution } from './runner.ts';
import type { TaskBoard } from './task-board.ts';
import { openRelations } from './warehouse.ts';

/** Executes one stage of a plan against what the run has staged so far and what was published before it. */
export async function executeStage(
  stage: Stage,
  board: TaskBoard,
  execution: Execution,
  signal: AbortSignal,
): Promise<Publication> {
  const { prepared, deps, owner } = execution;
  const { graph } = prepared.compiled;
  const cell = graph.cells.get(stage.cell);
  if (!cell) throw new Error(`stage ${stage.cell} has no cell`);
  const taken = prepared.known.published.get(relationName(stage.relation));
  if (taken && !mayPublish(owner, taken)) throw tableOwned(stage.relation, taken);
  const readableRef = async (ref: Stage['relation']): Promise<Readable | null> =>
    (await openRelations([ref], deps)).get(relationName(ref)) ?? null;
  return executeTask({
    runId: execution.lease.runId,
    cell,
    graph,
    known: prepared.known,
    options: prepared.options,
    deps,
    resolve: prepared.resolve,
    signal,
    fingerprint: stage.fingerprint,
    upstream: upstreamFingerprints(execution, cell.name),
    readable: async (name) => {
      const relation = graph.cells.get(name)?.relation ?? null;
      return board.staged(name) ?? (relation === null ? null : readableRef(relation));
    },
    readableTable: readableRef,
    onProgress: (rows, percent) => board.progress(stage, rows, percent),
  });
}

/** What the cell reads, by name, as it is now: staleness is explained with it later. */
function upstreamFingerprints(execution: Execution, name: string): Record<string, string> {
  const { fingerprints, compiled } = execution.prepared;
  const upstream = edgesOf(compiled.graph.cells.get(name));
  return Object.fromEntries(
    upstream.flatMap((each) => (fingerprints.has(each) ? [[each, fingerprints.get(each) ?? '']] : [])),
  );
}

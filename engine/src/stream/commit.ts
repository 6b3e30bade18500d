import type { StreamProgress } from '@datacraft/shared';
import { isFault, relationName } from '@datacraft/shared';
import { dagOf, edgesOf } from '../compile/graph.ts';
import { downstreamOf } from '../graph/dag.ts';
import { readSelection } from '../plan/selection.ts';
import type { Committed, Publication } from '../publish/publish.ts';
import { publishAgain } from '../publish/publish.ts';
import type { Readable, RunDeps } from '../run/context.ts';
import type { Prepared, RunInput } from '../run/prepare.ts';
import { brokenCells, prepareKnown } from '../run/prepare.ts';
import { executeStage } from '../run/stage.ts';
import { readableStaged } from '../run/warehouse.ts';
import type { StreamLease } from '../store/streams.ts';
import { holdStream, recordCommit } from '../store/streams.ts';
import type { Looked } from './look.ts';

export interface CommitWork {
  readonly input: RunInput;
  readonly cell: string;
  readonly lease: StreamLease;
  readonly deps: RunDeps;
  readonly signal: AbortSignal;
}

export interface Outcome {
  readonly committed: Committed;
  readonly rows: number;
  readonly rejected: number;
  readonly failedCells: Readonly<Record<string, string>>;
  readonly tables: readonly string[];
}

/** Stages what came and every cell below it, and publishes all of it at once, with how far the source was read. */
export async function commitOnce(work: CommitWork, { known }: Looked, told: StreamProgress): Promise<Outcome> {
  const { input, cell, lease, deps, signal } = work;
  const began = performance.now();
  const options = { ...input.options, select: cellsBelow(input, cell) };
  const prepared = prepareKnown({ ...input, options }, known, deps.now());
  const tidying: Promise<void>[] = [];
  try {
    const { publications, failedCells } = await stageAll(prepared, work, tidying);
    const own = publications.find((each) => each.cell === cell);
    const [rows, rejected] = [own?.staged?.rows ?? 0, own?.rejected ?? 0];
    const tables = publications.map(({ ref }) => relationName(ref));
    const progress: StreamProgress = { ...told, failedCells, tables };
    const hold = (tx: Parameters<typeof holdStream>[0]) => holdStream(tx, lease);
    const committed = await publishAgain(
      publications,
      input.owner,
      { runId: lease.streamId, hold },
      {
        ...deps,
        conclude: (tx) =>
          recordCommit(tx, lease, {
            rows,
            rejected,
            lag: told.lag ?? null,
            tookMs: Math.round(performance.now() - began),
            progress,
          }),
      },
    );
    signal.throwIfAborted();
    return { committed, rows, rejected, failedCells, tables };
  } finally {
    await Promise.all(tidying);
  }
}

/** The source and what is made of it. Cells with errors wait for the text to be mended, models for a run that trains them. */
function cellsBelow({ compiled: { graph } }: RunInput, cell: string): string[] {
  const broken = brokenCells(graph);
  const dag = dagOf(graph);
  const models = [...graph.cells.values()].filter(({ kind }) => kind === 'model').map(({ name }) => name);
  const left = new Set([...broken.keys(), ...models, ...models.flatMap((name) => downstreamOf(dag, name))]);
  return [...readSelection(graph, [`${cell}+`])].filter((name) => !left.has(name));
}

interface Staged {
  readonly publications: readonly Publication[];
  readonly failedCells: Readonly<Record<string, string>>;
}

/** A cell below that fails keeps its last good table, and so do those that read it; the source's own failure is thrown. */
async function stageAll(prepared: Prepared, work: CommitWork, tidying: Promise<void>[]): Promise<Staged> {
  const publications: Publication[] = [];
  const failed = new Map<string, string>();
  const board = { staged: (ref: Publication['ref']) => stagedAmong(publications, ref), progress: () => {} };
  const stageWork = { ...work, prepared, board, tidying, lease: { runId: work.lease.streamId } };
  for (const stage of prepared.plan.stages) {
    work.signal.throwIfAborted();
    if (stage.action === 'skip') continue;
    const blocker = edgesOf(prepared.compiled.graph.cells.get(stage.cell)).find((name) => failed.has(name));
    if (blocker !== undefined) {
      failed.set(stage.cell, `blocked by ${blocker}`);
      continue;
    }
    try {
      publications.push(await executeStage(stage, stageWork));
    } catch (error) {
      if (stage.cell === work.cell || work.signal.aborted || !isFault(error)) throw error;
      failed.set(stage.cell, error.message);
    }
  }
  return { publications, failedCells: Object.fromEntries(failed) };
}

function stagedAmong(publications: readonly Publication[], ref: Publication['ref']): Readable | null {
  const tables = publications.flatMap(({ staged, side }) => (staged ? [staged, ...side] : side));
  const found = tables.find((table) => relationName(table.ref) === relationName(ref));
  return found ? readableStaged(found) : null;
}

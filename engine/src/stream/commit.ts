import type { StreamProgress } from '@datacraft/shared';
import { isFault, relationName } from '@datacraft/shared';
import { dagOf, edgesOf } from '../compile/graph.ts';
import { downstreamOf } from '../graph/dag.ts';
import { readSelection } from '../plan/selection.ts';
import type { Committed, Publication } from '../publish/publish.ts';
import { publishAgain } from '../publish/publish.ts';
import type { RowCounts } from '../run/bad-ratio.ts';
import type { Readable, RunDeps } from '../run/context.ts';
import type { Prepared, RunInput } from '../run/prepare.ts';
import { brokenCells, prepareKnown } from '../run/prepare.ts';
import { executeStage } from '../run/stage.ts';
import { figuresOf } from '../run/streaming/figures.ts';
import type { AgainRead } from '../run/stage-rejects.ts';
import { readableAdded, readableStaged } from '../run/warehouse.ts';
import type { AddedRows } from '../run/execute.ts';
import type { OpenSpan } from '../run/trace.ts';
import type { Queryable } from '../store/database.ts';
import type { StreamLease } from '../store/streams.ts';
import { recordLanes } from '../store/stream-lanes.ts';
import { holdStream, judgedBefore, recordCommit } from '../store/streams.ts';
import { commitSpan } from './commit-span.ts';
import type { FailedCells } from './failed-cells.ts';
import { Failures } from './failed-cells.ts';
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
  /** What people are told of it. */
  readonly progress: StreamProgress;
}

/** Stages what came and every cell below it, and publishes all of it at once, with how far the source was read. */
export function commitOnce(work: CommitWork, looked: Looked, told: StreamProgress): Promise<Outcome> {
  return commit(work, looked, told, () => Promise.resolve());
}

/** The same of letters that were read again: the source stays where it was. `record` is in the transaction. */
export function commitAgain(
  work: CommitWork & { readonly again: AgainRead },
  looked: Looked,
  told: StreamProgress,
  record: Recording,
): Promise<Outcome> {
  return commit(work, looked, told, record);
}

type Recording = (tx: Queryable, counts: Pick<Outcome, 'rows' | 'rejected'>) => Promise<void>;

interface CommitWithin extends CommitWork {
  readonly again?: AgainRead;
  readonly span?: OpenSpan;
}

function commit(work: CommitWithin, looked: Looked, told: StreamProgress, record: Recording): Promise<Outcome> {
  return commitSpan(work, told, (span) => commitWithin({ ...work, span }, looked, told, record));
}

async function commitWithin(
  work: CommitWithin,
  { known }: Looked,
  told: StreamProgress,
  record: Recording,
): Promise<Outcome> {
  const { input, cell, lease, deps, signal } = work;
  const began = performance.now();
  const goesOn = { before: await countsBefore(work) };
  const options = { ...input.options, select: cellsBelow(input, cell), goesOn };
  const prepared = prepareKnown({ ...input, options }, known, deps.now());
  const tidying: Promise<void>[] = [];
  try {
    const { publications, failed } = await stageAll(prepared, work, tidying);
    const own = publications.find((each) => each.cell === cell);
    const [rows, rejected] = [own?.added ?? 0, own?.rejected ?? 0];
    const { lanes = [] } = own ?? {};
    const tables = publications.map(({ ref }) => relationName(ref));
    const progress: StreamProgress = { ...told, ...failed, tables, ...streamingCells(publications) };
    const hold = (tx: Queryable) => holdStream(tx, lease);
    const conclude = async (tx: Queryable) => {
      await record(tx, { rows, rejected });
      const tookMs = Math.round(performance.now() - began);
      const setAside = work.again ? 0 : rejected;
      await recordCommit(tx, lease, { rows, rejected: setAside, lag: told.lag ?? null, tookMs, progress });
      await recordLanes(tx, lease, work.again ? lanes.map((each) => ({ ...each, rejected: 0 })) : lanes);
    };
    const named = { runId: lease.streamId, hold };
    const committed = await publishAgain(publications, input.owner, named, { ...deps, conclude });
    signal.throwIfAborted();
    return { committed, rows, rejected, failedCells: failed.failedCells, tables, progress };
  } finally {
    await Promise.all(tidying);
  }
}

/** What came since the stream was started or resumed, where its cell says how much of it may be bad. */
async function countsBefore({ input, cell, lease, deps }: CommitWork): Promise<RowCounts> {
  const found = input.compiled.graph.cells.get(cell);
  const isJudged = found?.kind === 'source' && found.spec.max_bad_ratio !== undefined;
  return isJudged ? judgedBefore(deps.db, lease.streamId) : { good: 0, bad: 0 };
}

/** The source and what is made of it. Cells with errors wait for the text to be mended, models for a run that trains them. */
export function cellsBelow({ compiled: { graph } }: RunInput, cell: string): string[] {
  const broken = brokenCells(graph);
  const dag = dagOf(graph);
  const models = [...graph.cells.values()].filter(({ kind }) => kind === 'model').map(({ name }) => name);
  const left = new Set([...broken.keys(), ...models, ...models.flatMap((name) => downstreamOf(dag, name))]);
  return [...readSelection(graph, [`${cell}+`])].filter((name) => !left.has(name));
}

interface Staged {
  readonly publications: readonly Publication[];
  readonly failed: FailedCells;
}

/** A cell below that fails keeps its last good table, and so do those that read it; the source's own failure is thrown. */
async function stageAll(prepared: Prepared, work: CommitWithin, tidying: Promise<void>[]): Promise<Staged> {
  const publications: Publication[] = [];
  const failures = new Failures();
  const board = {
    staged: (ref: Publication['ref']) => stagedAmong(publications, ref),
    added: (ref: Publication['ref']) => addedAmong(publications, ref),
    trained: () => null,
    progress: () => {},
  };
  const stageWork = { ...work, prepared, board, tidying, lease: { runId: work.lease.streamId } };
  for (const stage of prepared.plan.stages) {
    work.signal.throwIfAborted();
    if (stage.action === 'skip') continue;
    const blocker = edgesOf(prepared.compiled.graph.cells.get(stage.cell)).find((name) => failures.has(name));
    if (blocker !== undefined) {
      failures.addBlocked(stage, blocker);
      continue;
    }
    try {
      publications.push(await executeStage(stage, stageWork));
    } catch (error) {
      if (stage.cell === work.cell || work.signal.aborted || !isFault(error)) throw error;
      failures.add(stage, error);
    }
  }
  return { publications, failed: failures.told() };
}

function stagedAmong(publications: readonly Publication[], ref: Publication['ref']): Readable | null {
  const tables = publications.flatMap(({ staged, side }) => (staged ? [staged, ...side] : side));
  const found = tables.find((table) => relationName(table.ref) === relationName(ref));
  return found ? readableStaged(found) : null;
}

function streamingCells(publications: readonly Publication[]): Pick<StreamProgress, 'cells' | 'watermark'> {
  const found = publications.flatMap(({ cell, definition }) =>
    definition.stream ? [[cell, figuresOf(definition.stream)] as const] : [],
  );
  const watermark = found.find(([, figures]) => figures.watermark !== null)?.[1].watermark ?? null;
  return found.length === 0 ? {} : { cells: Object.fromEntries(found), watermark };
}

/** The rows that a publication adds to those of before. */
function addedAmong(publications: readonly Publication[], ref: Publication['ref']): AddedRows | null {
  const found = publications.find((each) => relationName(each.ref) === relationName(ref));
  if (!found?.staged) return null;
  const isAppend = found.staged.mode === 'append' && found.staged.replaced.size === 0;
  return { rows: isAppend ? readableAdded(found.staged) : null, fingerprint: found.fingerprint };
}

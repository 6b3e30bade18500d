/**
 * The one performer: executes a plan and publishes what it made.
 *
 * R1  A task starts when everything it reads in this run has ended; a failed or blocked one blocks what reads it.
 * R2  Nothing is visible before the run's single publish; cells that succeeded are published, failed ones keep their
 *     last good result (I1).
 * R3  Cancelling aborts every session; a cancelled run publishes nothing.
 * R4  A lease that is lost stops the run; it writes nothing more (I5).
 *
 * It does not decide what to run (plan) nor when (the worker, the CLI).
 */
import type { RunReport, RunState, TaskError } from '@datacraft/shared';
import { Fault, isFault, relationName } from '@datacraft/shared';
import type { Plan, Stage } from '../plan/plan.ts';
import type { Publication } from '../publish/publish.ts';
import { publish } from '../publish/publish.ts';
import type { Owner } from '../store/relations.ts';
import type { Lease } from '../store/runs.ts';
import { finishRun, loadRun, releaseLease } from '../store/runs.ts';
import type { RunDeps } from './context.ts';
import { errorOf } from './error-of.ts';
import { keepLease } from './lease.ts';
import type { Prepared } from './prepare.ts';
import { TaskBoard } from './task-board.ts';
import { executeStage } from './stage.ts';

/** The abort reason of a worker that stops: its runs are not cancelled but left for another worker. */
export const PARKED = 'parked';

export interface Execution {
  readonly prepared: Prepared;
  readonly owner: Owner;
  readonly lease: Lease;
  readonly deps: RunDeps;
  /** Aborted by whoever started the execution; a cancel request in the database counts too. */
  readonly signal: AbortSignal;
}

/** Executes and publishes a claimed run. Resolves with its final report; throws only when the lease or the database is lost. */
export async function execute(execution: Execution): Promise<RunReport> {
  const { deps, lease, prepared } = execution;
  const guard = keepLease(lease, deps, execution.signal);
  const board = await TaskBoard.open(prepared.plan, prepared.compiled.graph, prepared.broken, lease.runId, deps);
  try {
    await emitRun(execution);
    await runStages(execution.prepared.plan, board, execution, guard.signal);
    guard.signal.throwIfAborted();
    await publishResults(board, execution);
    await finish(board.failed() ? 'failed' : 'succeeded', board.firstError(), execution);
  } catch (error) {
    await settle(error, guard, board, execution);
  } finally {
    guard.stop();
  }
  return emitRun(execution);
}

async function runStages(plan: Plan, board: TaskBoard, execution: Execution, signal: AbortSignal): Promise<void> {
  const waiting = new Set(plan.stages);
  const running = new Set<Promise<void>>();
  while (waiting.size > 0 || running.size > 0) {
    signal.throwIfAborted();
    for (const stage of [...waiting]) {
      if (running.size >= execution.deps.limits.concurrency) break;
      if (!board.isReady(stage)) continue;
      waiting.delete(stage);
      const work: Promise<void> = runStage(stage, board, execution, signal).finally(() => running.delete(work));
      running.add(work);
    }
    if (running.size > 0) await Promise.race(running);
    else if (waiting.size > 0)
      throw new Error(`no stage can start: ${[...waiting].map((stage) => stage.cell).join(', ')}`);
  }
}

async function runStage(stage: Stage, board: TaskBoard, execution: Execution, signal: AbortSignal): Promise<void> {
  if (stage.action === 'skip') return board.skip(stage, publishedSnapshot(stage, execution));
  const blocker = board.blockerOf(stage);
  if (blocker !== null) return board.block(stage, blocker);
  await board.start(stage);
  try {
    await board.succeed(stage, await executeStage(stage, board, execution, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    await board.fail(stage, error);
  }
}

function publishedSnapshot(stage: Stage, execution: Execution): string | null {
  return execution.prepared.known.published.get(relationName(stage.relation))?.snapshotId ?? null;
}

async function publishResults(board: TaskBoard, execution: Execution): Promise<void> {
  const publications: Publication[] = board.publications();
  const committed = await publish(publications, execution.owner, execution.lease, execution.deps);
  await board.published((publication) => committed.get(relationName(publication.ref))?.snapshotId ?? null);
}

/** Ends the run after an abort or a failed publish. A lost lease is passed on: the run is somebody else's now. */
async function settle(
  error: unknown,
  guard: ReturnType<typeof keepLease>,
  board: TaskBoard,
  execution: Execution,
): Promise<void> {
  const cause = guard.lost() ?? error;
  if (isFault(cause, 'lease-lost') || isFault(cause, 'database-unavailable')) throw cause;
  if (execution.signal.reason === PARKED) {
    await releaseLease(execution.deps.db, execution.lease);
    throw new Fault('cancelled', 'the worker stops; another one takes this run over');
  }
  const cancelled = guard.signal.aborted;
  await board.abandon(cancelled ? 'cancelled' : 'failed', errorOf(cause));
  await finish(cancelled ? 'cancelled' : 'failed', cancelled ? null : errorOf(cause), execution);
}

async function finish(state: RunState, error: TaskError | null, execution: Execution): Promise<void> {
  await finishRun(execution.deps.db, execution.lease, state, error);
}

async function emitRun(execution: Execution): Promise<RunReport> {
  const run = await loadRun(execution.deps.db, execution.lease.runId);
  if (!run) throw new Fault('not-found', `run ${execution.lease.runId} is gone; its notebook may have been deleted`);
  execution.deps.emit({ type: 'run', run });
  return run;
}

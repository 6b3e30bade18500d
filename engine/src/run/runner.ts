/**
 * The one performer: prepares, executes and publishes a claimed run.
 *
 * R1  A task starts when everything it reads in this run has ended; a failed or blocked one blocks what reads it.
 * R2  Nothing is visible before the run's single publish; cells that succeeded are published, failed ones keep their
 *     last good result (I1).
 * R3  Cancelling aborts every session; a cancelled run publishes nothing.
 * R4  A lease that is lost stops the run; it writes nothing more (I5).
 * R5  Tries again only what failed for reasons that pass: a dead child process, a conflict, a database that was away; of
 *     cells and schedules that say how often, also a source that did not answer (attempt-policy).
 * R6  A run that has tables to send ends when each was sent or refused (room export).
 *
 * It does not decide what to run (plan) nor when (the worker, the CLI).
 */
import type { RunReport, RunState, TaskError } from '@datacraft/shared';
import { Fault, isFault, relationName, say } from '@datacraft/shared';
import type { Graph } from '../compile/graph.ts';
import { edgesOf } from '../compile/graph.ts';
import { sideTables } from '../compile/side-table.ts';
import type { Stage } from '../plan/plan.ts';
import type { Committed, Publication } from '../publish/publish.ts';
import { publish } from '../publish/publish.ts';
import type { Queryable } from '../store/database.ts';
import { owesExports } from '../store/exports.ts';
import type { Lease } from '../store/lease.ts';
import { finishRun, releaseLease } from '../store/lease.ts';
import type { Standing } from '../store/retired.ts';
import { retireRelations } from '../store/retired.ts';
import type { TriedBefore } from '../store/attempts.ts';
import { recordFailedAttempt, takeOverAttempts } from '../store/attempts.ts';
import { loadRun } from '../store/runs.ts';
import { deliverExports } from '../export/deliver.ts';
import { oweAgain, oweOfRun } from '../export/owe.ts';
import type { Attempts } from './attempt.ts';
import { attempted, attemptsByCell, retried } from './attempt.ts';
import type { RunDeps } from './context.ts';
import { openDraft } from './draft.ts';
import { errorOf } from './error-of.ts';
import type { LeaseGuard } from './lease.ts';
import { releaseSources } from './gather.ts';
import { keepLease, PARKED } from './lease.ts';
import type { Prepared, RunInput } from './prepare.ts';
import { prepareRun } from './prepare.ts';
import { lineageOfRun, recordLineage } from './record-lineage.ts';
import { TaskBoard } from './task-board.ts';
import { progressOf } from './telling.ts';
import { executeStage } from './stage.ts';
import { tellFailure, tellPublished, tellRun, tellStart } from './tell-lineage.ts';
import { publishSpan, sendRunSpan, taskSpan } from './run-spans.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface Execution {
  readonly input: RunInput;
  readonly lease: Lease;
  readonly deps: RunDeps;
  /** Aborted by whoever started the execution; a cancel request in the database counts too. */
  readonly signal: AbortSignal;
}

/** What its parts work on once it is prepared. */
export interface Working extends Execution {
  readonly prepared: Prepared;
  readonly board: TaskBoard;
  readonly attemptsOf: (cell: string) => Attempts;
  /** What tasks that ended leave to be closed and removed. */
  readonly tidying: Promise<void>[];
}

/** Resolves with the final report of the run; throws only when the lease or the database is lost, and when parked. */
export async function execute(execution: Execution): Promise<RunReport> {
  const { deps, lease } = execution;
  const startMs = deps.now().getTime();
  const tidying: Promise<void>[] = [];
  try {
    const guard = keepLease(lease, deps, execution.signal);
    try {
      if (!(await owesExports(deps.db, lease.runId))) await perform(execution, guard, tidying);
      await deliverExports(execution, guard);
    } finally {
      guard.stop();
    }
    const report = await emitRun(execution);
    tellRun(execution, report);
    sendRunSpan(execution, report, startMs);
    return report;
  } finally {
    await Promise.all(tidying);
  }
}

async function perform(execution: Execution, guard: LeaseGuard, tidying: Promise<void>[]): Promise<void> {
  const { deps, lease, input } = execution;
  let board: TaskBoard | null = null;
  let prepared: Prepared | null = null;
  try {
    const run = await emitRun(execution);
    tellRun(execution, run);
    if (input.options.resend) return await oweAgain(execution, input.options.resend);
    const before = lease.epoch > 1 ? await takeOverAttempts(deps.db, lease) : new Map<string, TriedBefore>();
    const attemptsOf = attemptsByCell(input.compiled.graph, input.options.retries, before);
    prepared = await prepareRun(input, deps, guard.signal, {
      trying: ({ name: cell }, read) =>
        attemptsOf(cell).ahead(
          guard.signal,
          (until) => hidingSecrets(read(until), deps),
          (error, tookMs) => recordFailedAttempt(deps.db, { runId: lease.runId, cell }, error, tookMs),
        ),
      draft: (cell, last) => openDraft({ cell, last, resolve: input.resolve, deps, signal: guard.signal }),
      tellRead: (cell, read) => deps.emit({ type: 'reading', runId: lease.runId, cell, progress: progressOf(read) }),
    });
    board = TaskBoard.open(prepared, lease, deps);
    deps.emit({ type: 'run', run: { ...run, tasks: board.reports() } });
    const working: Working = { ...execution, prepared, board, attemptsOf, tidying, signal: guard.signal };
    await runStages(working);
    guard.signal.throwIfAborted();
    await publishResults(working);
  } catch (error) {
    await settle(error, guard, board, execution);
  } finally {
    if (prepared) await releaseSources(prepared.known);
  }
}

/** Starts stages as they become ready. Returns or throws only when none is running any more. */
async function runStages(working: Working): Promise<void> {
  const { prepared, board, deps, signal } = working;
  const waiting = new Set(prepared.plan.stages);
  const running = new Set<Promise<void>>();
  try {
    while (waiting.size > 0 || running.size > 0) {
      signal.throwIfAborted();
      for (const stage of [...waiting]) {
        if (running.size >= deps.limits.concurrency) break;
        if (!board.isReady(stage)) continue;
        waiting.delete(stage);
        const work: Promise<void> = runStage(stage, working).finally(() => running.delete(work));
        running.add(work);
      }
      if (running.size > 0) await Promise.race(running);
      else if (waiting.size > 0)
        throw new Error(`no stage can start: ${[...waiting].map((one) => one.cell).join(', ')}`);
    }
  } finally {
    await Promise.allSettled(running);
  }
}

async function runStage(stage: Stage, working: Working): Promise<void> {
  const { board, prepared, signal, deps, lease } = working;
  const attempts = working.attemptsOf(stage.cell);
  if (stage.action === 'skip') {
    for (const words of attempts.early()) board.log.say(stage.cell, words, 'warn');
    return board.skip(stage, prepared.known.published.get(relationName(stage.relation))?.snapshotId ?? null);
  }
  const blocker = board.blockerOf(stage);
  if (blocker !== null) return board.block(stage, blocker);
  board.start(stage);
  tellStart(working, stage.cell);
  board.log.say(stage.cell, startWords(stage, prepared));
  try {
    const task = { runId: lease.runId, cell: stage.cell };
    const { db } = deps;
    const onRetry = (words: string) => board.log.say(stage.cell, words, 'warn');
    const work = (until: AbortSignal) =>
      hidingSecrets(
        taskSpan(stage, working, (span) => executeStage(stage, { ...working, signal: until, span })),
        deps,
      );
    board.succeed(stage, await attempted(attempts, task, { db, writes: board.writes, onRetry }, signal, work));
  } catch (error) {
    if (signal.aborted) throw error;
    board.fail(stage, error);
    tellFailure(working, stage.cell, errorOf(error).message);
  }
}

function hidingSecrets<Result>(work: Promise<Result>, { remote }: RunDeps): Promise<Result> {
  return work.catch((error: unknown) => {
    throw withoutSecrets(error, remote);
  });
}

async function publishResults(working: Working): Promise<void> {
  const { board, input, lease, deps, signal } = working;
  const standing = standingOf(input.compiled.graph);
  const publications = board.publications();
  const lineage = await lineageOfRun(working, publications);
  const snapshotIn = (committed: Committed) => (publication: Publication) =>
    committed.get(relationName(publication.ref)) ?? null;
  const conclude = async (tx: Queryable, committed: Committed) => {
    await board.saved();
    await board.savePublished(tx, snapshotIn(committed));
    await board.log.sayIn(tx, publishWords(committed));
    await retireRelations(tx, input.owner, lease.runId, standing);
    await recordLineage(tx, working, lineage);
    if (deps.keepsToItself !== true && (await oweOfRun(tx, working.prepared, lease.runId)) > 0) return;
    await finishRun(tx, lease, board.failed() ? 'failed' : 'succeeded', board.firstError());
  };
  const committed = await retried(signal, () =>
    publishSpan(working, () => publish(publications, input.owner, lease, { ...deps, conclude })),
  );
  board.published(snapshotIn(committed));
  tellPublished(
    working,
    publications.map(({ cell }) => cell),
    lineage,
  );
}

function standingOf({ cells }: Graph): Standing {
  const all = [...cells.values()];
  return {
    relations: all.flatMap((cell) => (cell.relation ? [cell.relation, ...sideTables(cell)] : [])),
    unclear: all.filter((cell) => !cell.valid).map((cell) => cell.name),
  };
}

function startWords({ cell, reason, fingerprint }: Stage, { compiled }: Prepared): string {
  const reads = edgesOf(compiled.graph.cells.get(cell));
  const from = reads.length === 0 ? '' : `, reads ${reads.join(', ')}`;
  return `starts: ${reason}, fingerprint ${fingerprint.slice(0, 8)}${from}`;
}

function publishWords(committed: Committed): string {
  const names = [...committed].map(([name, snapshot]) => (snapshot === null ? name : `${name} at ${snapshot}`));
  return names.length === 0 ? 'nothing new to publish' : `publishes ${names.join(', ')}`;
}

/** Ends the run after an abort or a failed publish. A lost lease is passed on: the run is somebody else's now. */
async function settle(
  error: unknown,
  guard: LeaseGuard,
  board: TaskBoard | null,
  { deps, lease, signal }: Execution,
): Promise<void> {
  const cause = guard.lost() ?? error;
  if (isFault(cause, 'lease-lost') || isFault(cause, 'database-unavailable')) throw cause;
  if (signal.reason === PARKED) {
    await board?.saved();
    await releaseLease(deps.db, lease);
    throw new Fault('cancelled', 'the worker stops; another one takes this run over');
  }
  const late = isFault(signal.reason, 'timed-out') ? signal.reason : null;
  const state: RunState = guard.signal.aborted && late === null ? 'cancelled' : 'failed';
  const reason: TaskError = errorOf(late ?? cause);
  board?.abandon(state, reason);
  await board?.saved();
  await finishRun(deps.db, lease, state, state === 'cancelled' ? null : reason);
}

async function emitRun({ deps, lease }: Execution): Promise<RunReport> {
  const run = await loadRun(deps.db, lease.runId);
  if (!run)
    throw new Fault('lease-lost', say('run {runId} was deleted with its notebook; it stops', { runId: lease.runId }));
  deps.emit({ type: 'run', run });
  return run;
}

import type { Notebook, RunReport, RunRequest } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { compile } from '../compile/compile.ts';
import type { Interval } from '../materialize/interval.ts';
import type { Queryable } from '../store/database.ts';
import { enterEnvironment } from '../store/environments.ts';
import type { MayRead, Owner } from '../store/relations.ts';
import { claimRun, finishRun } from '../store/lease.ts';
import type { Pinned } from '../store/runs.ts';
import { insertRun, loadRunInput } from '../store/runs.ts';
import type { Lease } from '../store/lease.ts';
import type { ResolveFiles, RunDeps, RunOptions } from './context.ts';
import { errorOf } from './error-of.ts';
import type { RunInput } from './prepare.ts';
import { execute } from './runner.ts';
import { depsInEnvironment, depsInside } from './inside.ts';
import { timeLimit } from './time-limit.ts';

/** A run as it is kept until a worker takes it: the notebook is a copy, later edits change nothing. */
export interface Submission {
  readonly runId: string;
  readonly owner: Owner;
  readonly notebook: Notebook;
  readonly request: RunRequest;
  readonly trigger: RunReport['trigger'];
  readonly createdBy: string | null;
  readonly pinned?: Pinned;
}

export async function submitRun(submission: Submission, db: Queryable): Promise<void> {
  const { runId, owner, notebook, request, trigger, createdBy, pinned } = submission;
  await insertRun(db, {
    runId,
    notebookId: owner.notebookId,
    ownerKey: owner.key,
    trigger,
    request,
    document: notebook,
    createdBy,
    environment: request.env ?? null,
    ...(pinned ? { pinned } : {}),
  });
}

export interface QueuedRunDeps {
  readonly deps: RunDeps;
  readonly holder: string;
  /** How the source cells of an owner find their files. */
  resolveFor(owner: Owner): ResolveFiles;
  /** What a notebook of this owner may read of others. */
  mayReadFor(owner: Owner): Promise<MayRead>;
}

export type Queued =
  | { readonly kind: 'ended'; readonly report: RunReport }
  /** Another run of the owner is under way: ask again. */
  | { readonly kind: 'busy'; readonly runId: string }
  | { readonly kind: 'gone' };

/** Claims and executes a queued or abandoned run, unless another run of its owner is under way. */
export async function executeQueued(runId: string, worker: QueuedRunDeps, signal: AbortSignal): Promise<Queued> {
  const { deps } = worker;
  const claim = await claimRun(deps.db, runId, worker.holder);
  if (claim.kind !== 'claimed') return claim;
  const { lease } = claim;
  const found = await loadRunInput(deps.db, runId);
  if (!found) return { kind: 'gone' };
  if (found.isBinned) {
    const message = 'its notebook was moved to the bin before it began; restore the notebook and run it again';
    await finishRun(deps.db, lease, 'cancelled', { code: 'not-found', message });
    return { kind: 'gone' };
  }
  const input = await inputOf(found, worker, lease);
  const limited = withinTime(signal, input.options.timeoutMs);
  const within = depsInEnvironment(found.environment ?? undefined, depsInside(input.owner.notebookId, deps));
  return { kind: 'ended', report: await execute({ input, lease, deps: within, signal: limited }) };
}

async function inputOf(
  found: NonNullable<Awaited<ReturnType<typeof loadRunInput>>>,
  { deps, resolveFor, mayReadFor }: QueuedRunDeps,
  lease: Lease,
): Promise<RunInput> {
  try {
    const notebook = notebookOf(found.document);
    const owner: Owner = { key: found.ownerKey, title: notebook.title, notebookId: found.notebookId };
    if (found.environment !== null) await enterEnvironment(deps.db, found.environment, owner);
    const compiled = await compile(notebook, deps.duck);
    return {
      compiled,
      notebook,
      owner,
      options: optionsOf(found.request, found.trigger === 'backfill' ? found.interval : null),
      resolve: resolveFor(owner),
      mayRead: await mayReadFor(owner),
    };
  } catch (error) {
    await finishRun(deps.db, lease, 'failed', errorOf(error));
    throw error;
  }
}

/** Aborted by the time-out with a Fault, so that the run ends as failed and not as cancelled. */
function withinTime(signal: AbortSignal, timeoutMs: number | undefined): AbortSignal {
  if (timeoutMs === undefined) return signal;
  const why = say('the run took longer than its time-out of {timeoutMs} s; raise `timeout` of the schedule', {
    timeoutMs: timeoutMs / 1_000,
  });
  return AbortSignal.any([signal, timeLimit(timeoutMs, () => new Fault('timed-out', why)).signal]);
}

/** The run's own copy, as `submitRun` stored it. */
function notebookOf(document: unknown): Notebook {
  const isNotebook = typeof document === 'object' && document !== null && 'cells' in document && 'title' in document;
  if (!isNotebook) throw new Fault('internal', 'the run holds no notebook; start it again');
  return document as Notebook;
}

function optionsOf(request: unknown, interval: Interval | null): RunOptions {
  const {
    params = {},
    select,
    fullRefresh = false,
    planId,
    retries,
    timeoutMs,
    resend,
    replay,
    replayWhere,
  } = (request ?? {}) as RunRequest;
  return {
    params,
    fullRefresh,
    ...(select === undefined ? {} : { select }),
    ...(planId === undefined ? {} : { planId }),
    ...(retries === undefined ? {} : { retries }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(resend === undefined ? {} : { resend }),
    ...(replay === undefined ? {} : { replay }),
    ...(replayWhere === undefined ? {} : { replayWhere }),
    ...(interval === null ? {} : { interval }),
  };
}

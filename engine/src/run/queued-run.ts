import type { Notebook, Params, RunReport, RunRequest } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import { compile } from '../compile/compile.ts';
import type { Queryable } from '../store/database.ts';
import type { Owner } from '../store/relations.ts';
import { claimRun, finishRun } from '../store/lease.ts';
import { insertRun, loadRunInput } from '../store/runs.ts';
import type { Lease } from '../store/lease.ts';
import type { ResolveFiles, RunDeps, RunOptions } from './context.ts';
import { errorOf } from './error-of.ts';
import type { RunInput } from './prepare.ts';
import { execute } from './runner.ts';

/** A run as it is kept until a worker takes it: the notebook is a copy, later edits change nothing. */
export interface Submission {
  readonly runId: string;
  readonly owner: Owner;
  readonly notebook: Notebook;
  readonly request: RunRequest;
  readonly trigger: RunReport['trigger'];
  readonly createdBy: string | null;
}

export async function submitRun(submission: Submission, db: Queryable): Promise<void> {
  const { runId, owner, notebook, request, trigger, createdBy } = submission;
  await insertRun(db, {
    runId,
    notebookId: owner.notebookId,
    ownerKey: owner.key,
    trigger,
    request,
    document: notebook,
    createdBy,
  });
}

export interface QueuedRunDeps {
  readonly deps: RunDeps;
  readonly holder: string;
  /** How the source cells of an owner find their files. */
  resolveFor(owner: Owner): ResolveFiles;
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
  return { kind: 'ended', report: await execute({ input, lease, deps, signal }) };
}

async function inputOf(
  found: NonNullable<Awaited<ReturnType<typeof loadRunInput>>>,
  { deps, resolveFor }: QueuedRunDeps,
  lease: Lease,
): Promise<RunInput> {
  try {
    const notebook = notebookOf(found.document);
    const owner: Owner = { key: found.ownerKey, title: notebook.title, notebookId: found.notebookId };
    const compiled = await compile(notebook, deps.duck);
    return { compiled, notebook, owner, options: optionsOf(found.request), resolve: resolveFor(owner) };
  } catch (error) {
    await finishRun(deps.db, lease, 'failed', errorOf(error));
    throw error;
  }
}

/** The run's own copy, as `submitRun` stored it. */
function notebookOf(document: unknown): Notebook {
  const isNotebook = typeof document === 'object' && document !== null && 'cells' in document && 'title' in document;
  if (!isNotebook) throw new Fault('internal', 'the run holds no notebook; start it again');
  return document as Notebook;
}

function optionsOf(request: unknown): RunOptions {
  const {
    params = {},
    select,
    fullRefresh = false,
  } = (request ?? {}) as { params?: Params; select?: string[]; fullRefresh?: boolean };
  return { params, fullRefresh, ...(select === undefined ? {} : { select }) };
}

import type { Notebook, Params, RunReport, RunRequest } from '@datacraft/shared';
import { Fault, isFault } from '@datacraft/shared';
import { compile } from '../compile/compile.ts';
import type { Queryable } from '../store/database.ts';
import type { Owner } from '../store/relations.ts';
import { claimRun, finishRun, insertRun, loadRunInput } from '../store/runs.ts';
import type { Lease } from '../store/runs.ts';
import type { ResolveFiles, RunDeps, RunOptions } from './context.ts';
import { errorOf } from './error-of.ts';
import type { Prepared } from './prepare.ts';
import { prepareRun } from './prepare.ts';
import { execute, PARKED } from './runner.ts';

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

/** Inserts and claims a run in one go, for a caller that executes it itself. */
export async function beginRun(
  input: { runId: string; owner: Owner; trigger: RunReport['trigger']; prepared: Prepared; createdBy: string | null },
  deps: Pick<RunDeps, 'db'>,
): Promise<Lease> {
  const { owner, prepared } = input;
  await submitRun({ ...input, notebook: prepared.notebook, request: { params: prepared.options.params } }, deps.db);
  const lease = await claimRun(deps.db, input.runId, `cli:${owner.key}`);
  if (!lease) throw new Fault('lease-lost', `run ${input.runId} was taken before it began; try again`);
  return lease;
}

export interface QueuedRunDeps {
  readonly deps: RunDeps;
  readonly holder: string;
  /** How the source cells of an owner find their files. */
  resolveFor(owner: Owner): ResolveFiles;
}

/** Claims and executes a queued or abandoned run. Null when somebody else has it or it has ended. */
export async function executeQueued(
  runId: string,
  worker: QueuedRunDeps,
  signal: AbortSignal,
): Promise<RunReport | null> {
  const { deps } = worker;
  const lease = await claimRun(deps.db, runId, worker.holder);
  if (!lease) return null;
  const input = await loadRunInput(deps.db, runId);
  if (!input) return null;
  const notebook = notebookOf(input.document);
  const owner: Owner = { key: input.ownerKey, title: notebook.title, notebookId: input.notebookId };
  try {
    const compiled = await compile(notebook, deps.duck);
    const options = optionsOf(input.request);
    const prepared = await prepareRun(
      { compiled, notebook, owner, options, resolve: worker.resolveFor(owner) },
      deps,
      signal,
    );
    return await execute({ prepared, owner, lease, deps, signal });
  } catch (error) {
    if (signal.reason === PARKED || isFault(error, 'lease-lost') || isFault(error, 'database-unavailable')) throw error;
    await finishRun(deps.db, lease, signal.aborted ? 'cancelled' : 'failed', errorOf(error));
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

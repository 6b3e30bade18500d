import type { Notebook } from '@datacraft/shared';
import { Fault, isFault, say } from '@datacraft/shared';
import { compile } from '../compile/compile.ts';
import type { ResolveFiles, RunDeps } from '../run/context.ts';
import { errorOf } from '../run/error-of.ts';
import type { RunInput } from '../run/prepare.ts';
import type { MayRead, Owner } from '../store/relations.ts';
import type { ClaimedStream } from '../store/streams.ts';
import { failReplay, nextReplay } from '../store/stream-replays.ts';
import { failStream } from '../store/streams.ts';
import type { Outcome } from './commit.ts';
import { keepLease } from './keep-lease.ts';
import { runStream } from './run-stream.ts';

export interface StreamClaimDeps {
  readonly deps: RunDeps;
  resolveFor(owner: Owner): ResolveFiles;
  /** What the stream's notebook may read of others. */
  mayReadFor(owner: Owner): Promise<MayRead>;
  onCommit(notebookId: string, outcome: Outcome): void;
}

/** Runs a stream that was claimed until it is somebody else's, or nobody's. */
export async function runClaimed(claimed: ClaimedStream, runner: StreamClaimDeps, signal: AbortSignal): Promise<void> {
  const { lease, cell, commitMs, notebookId, isLive, progress } = claimed;
  const { deps } = runner;
  let input: RunInput;
  const guard = keepLease(lease, deps.db, signal);
  try {
    input = await inputOf(claimed, runner);
  } catch (error) {
    if (guard.lost()) return;
    if (!isFault(error)) throw error;
    await failStream(deps.db, lease, errorOf(error));
    const asked = await nextReplay(deps.db, lease.streamId);
    if (asked) await failReplay(deps.db, lease, asked.id, errorOf(error));
    return;
  } finally {
    guard.stop();
  }
  if (guard.lost()) return;
  const onCommit = (outcome: Outcome) => runner.onCommit(notebookId, outcome);
  await runStream({ input, cell, lease, deps, signal, commitMs, isLive, progress, onCommit });
}

async function inputOf(claimed: ClaimedStream, { deps, resolveFor, mayReadFor }: StreamClaimDeps): Promise<RunInput> {
  // The stream's own copy, as `startStream` stored it.
  const notebook = claimed.document as Notebook;
  const { notebookId, cell } = claimed;
  const owner: Owner = { key: `notebook:${notebookId}`, title: notebook.title, notebookId };
  const compiled = await compile(notebook, deps.duck);
  const found = compiled.graph.cells.get(cell);
  if (found?.kind !== 'source' || !found.valid)
    throw new Fault(
      'notebook-invalid',
      say('{cell} is no source without errors; mend it, then start the stream anew', { cell }),
    );
  const mayRead = await mayReadFor(owner);
  return {
    compiled,
    notebook,
    owner,
    mayRead,
    options: { params: {}, fullRefresh: false },
    resolve: resolveFor(owner),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { RunDeps, RunInput, Submission } from '@datacraft/engine';
import { claimRun, failAbandonedCommands, submitRun } from '@datacraft/engine';
import { Fault, newId } from '@datacraft/shared';
import { deadHolders, newHolder } from '../worker/holder.ts';
import type { Output } from './output.ts';

const LOOK_AGAIN_MS = 200;

/** Records a run of this command and claims it, when no other run of the same notebook is under way any more. */
export async function beginRun(
  { owner, notebook, options }: RunInput,
  deps: RunDeps,
  signal: AbortSignal,
  output: Output,
  { pinned, environment }: { readonly pinned?: Submission['pinned']; readonly environment?: string | undefined } = {},
) {
  const runId = newId<string>('run');
  const holder = newHolder();
  const submitted = submitRun(
    {
      runId,
      owner,
      notebook,
      request: {
        ...options,
        select: [...(options.select ?? [])],
        ...(environment === undefined ? {} : { env: environment }),
      },
      trigger: 'cli',
      createdBy: null,
      ...(pinned ? { pinned } : {}),
    },
    deps.db,
  );
  let told = '';
  for (;;) {
    const tidied = deadHolders(deps.db, holder).then((dead) => failAbandonedCommands(deps.db, dead));
    await Promise.all([submitted, tidied]);
    const claim = await claimRun(deps.db, runId, holder);
    if (claim.kind === 'claimed') return claim.lease;
    if (claim.kind === 'gone') throw new Fault('cancelled', `run ${runId} was cancelled before it began`);
    if (told !== claim.runId) output.err(`waiting for run ${claim.runId} of this notebook to end`);
    told = claim.runId;
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
  }
}

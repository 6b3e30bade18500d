import type { Queryable } from '@datacraft/engine';
import { readSchedule, scheduleLimits, submitRun } from '@datacraft/engine';
import type { Params, RunTrigger } from '@datacraft/shared';
import { Fault, newId } from '@datacraft/shared';
import { ownerOf } from '../engine.ts';
import { latestPublication } from '../store/dashboards.ts';
import { enqueueRun } from '../worker/queue.ts';

export interface PublishedStart {
  readonly notebookId: string;
  readonly trigger: RunTrigger;
  readonly params?: Params;
  readonly runId?: string;
  readonly createdBy?: string | null;
}

/** Records and queues a run of the newest published version, within the transaction. */
export async function startPublished(tx: Queryable, start: PublishedStart): Promise<string> {
  const version = await latestPublication(tx, start.notebookId);
  if (version === null)
    throw new Fault(
      'conflict',
      'this notebook has no published version to run; publish it, or set its schedule, first',
    );
  const { document, notebookId } = version;
  const spec = readSchedule(document);
  const runId = start.runId ?? newId<string>('run');
  await submitRun(
    {
      runId,
      owner: ownerOf(notebookId, document.title),
      notebook: document,
      request: { params: start.params ?? {}, ...(spec === null ? {} : scheduleLimits(spec)) },
      trigger: start.trigger,
      createdBy: start.createdBy ?? null,
      pinned: { version: version.version },
    },
    tx,
  );
  await enqueueRun(tx, runId);
  return runId;
}

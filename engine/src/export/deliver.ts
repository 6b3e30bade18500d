/**
 * Sends published tables elsewhere, after the run that published them and before it ends.
 *
 * V1  A target holds a whole snapshot or the one before it: in PostgreSQL rows and ledger change in one transaction, in
 *     S3 an object appears whole, over HTTP each batch and of e-mail each message carries a key by which it is known again.
 * V2  What is to be sent is written in the transaction that publishes: a run whose worker died is taken up there, and
 *     makes nothing again. Every run brings its targets to the snapshot that is published then.
 * V3  A target that fails keeps what it has and fails its task and the run, whose tables stay published; others go on.
 */
import type { ExportReport, ExportSpec, RunReport, TaskError, TaskReport } from '@datacraft/shared';
import { Fault, isFault, say, worded } from '@datacraft/shared';
import type { LeaseGuard } from '../run/lease.ts';
import { PARKED } from '../run/lease.ts';
import { RunLog } from '../run/run-log.ts';
import type { Execution } from '../run/runner.ts';
import { withoutSecrets } from '../run/without-secrets.ts';
import { WriteBehind } from '../run/write-behind.ts';
import type { ExportPlace } from '../store/exports.ts';
import { beginExport, endExport, lastDelivered, loadExports } from '../store/exports.ts';
import { finishRun, releaseLease } from '../store/lease.ts';
import { loadRun, saveTasks } from '../store/runs.ts';
import { exportOf } from './owe.ts';
import type { Shipment, Shipped } from './shipment.ts';
import { sendByEmail } from './to-email.ts';
import { sendByHttp } from './to-http.ts';
import { sendToKafka } from './to-kafka.ts';
import { sendToPostgres } from './to-postgres.ts';
import { sendToS3 } from './to-s3.ts';

/** Sends what the run owes and ends it. Does nothing for a run that owes nothing. */
export async function deliverExports(execution: Execution, guard: LeaseGuard): Promise<void> {
  const { deps, lease } = execution;
  const owed = await loadExports(deps.db, lease.runId);
  if (owed.length === 0) return;
  const writes = new WriteBehind();
  const log = new RunLog(lease, deps, writes);
  for (const one of owed) if (one.state === 'pending') await deliver(one, execution, guard, log);
  await writes.settled();
  await conclude(execution);
}

async function deliver(owed: ExportReport, execution: Execution, guard: LeaseGuard, log: RunLog): Promise<void> {
  const { deps, lease, input } = execution;
  const found = exportOf(input.compiled.graph, owed);
  if (!found?.[0].relation)
    throw new Fault('internal', `${owed.cell} does not say any more how ${owed.target} is sent to`);
  const [{ relation: ref, name: cell, spec }, target] = found;
  const place: ExportPlace = { runId: lease.runId, cell, target: owed.target, ref };
  await giveWay(execution, guard);
  const before = await lastDelivered(deps.db, place);
  await beginExport(deps.db, lease, place);
  const shipment: Shipment = {
    ref,
    uniqueKey: spec.unique_key,
    before,
    sender: {
      runId: lease.runId,
      notebookId: input.owner.notebookId,
      title: input.owner.title,
      description: spec.description ?? null,
    },
    deps: { ...deps, mayRead: input.mayRead },
    signal: guard.signal,
  };
  try {
    guard.signal.throwIfAborted();
    const shipped = await send(target, shipment);
    await endExport(deps.db, lease, place, shipped);
    log.say(cell, `sent to ${owed.target}: ${shipped.rows} rows of snapshot ${shipped.snapshotId}`);
  } catch (error) {
    if (isFault(error, 'database-unavailable') || isFault(error, 'lease-lost')) throw error;
    await giveWay(execution, guard);
    const reason = guard.signal.aborted ? whyStopped(guard.signal) : messageOf(withoutSecrets(error, deps.remote));
    await endExport(deps.db, lease, place, { error: reason });
    log.say(cell, `not sent to ${owed.target}: ${reason}`, 'error');
  }
}

function send(spec: ExportSpec, shipment: Shipment): Promise<Shipped> {
  switch (spec.type) {
    case 'postgres':
      return sendToPostgres(spec, shipment);
    case 's3':
      return sendToS3(spec, shipment);
    case 'http':
      return sendByHttp(spec, shipment);
    case 'kafka':
      return sendToKafka(spec, shipment);
    case 'email':
      return sendByEmail(spec, shipment);
  }
}

/** A worker that stops, or lost the run, leaves what is owed to the next one. */
async function giveWay({ deps, lease, signal }: Execution, guard: LeaseGuard): Promise<void> {
  const lost = guard.lost();
  if (lost) throw lost;
  if (signal.reason !== PARKED) return;
  await releaseLease(deps.db, lease);
  throw new Fault('cancelled', 'the worker stops; another one sends what is left');
}

function whyStopped(signal: AbortSignal): string {
  return isFault(signal.reason, 'timed-out') ? signal.reason.message : 'the run was cancelled while it was sending';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How the run ended: its tasks and its state in one transaction. */
async function conclude({ deps, lease }: Execution): Promise<void> {
  const run = await loadRun(deps.db, lease.runId);
  if (!run) throw new Fault('lease-lost', say('run {runId} was deleted with its notebook', { runId: lease.runId }));
  const failures = (await loadExports(deps.db, lease.runId)).filter(({ state }) => state === 'failed');
  const changed = run.tasks.flatMap((task, position) => {
    const mine = failures.filter(({ cell }) => cell === task.cell);
    return mine.length === 0 || task.state === 'failed' ? [] : [{ position, report: unsent(task, mine) }];
  });
  const error = firstError(run) ?? changed[0]?.report.error ?? null;
  await deps.db.transaction(async (tx) => {
    await saveTasks(tx, lease, changed);
    await finishRun(tx, lease, error === null && failures.length === 0 ? 'succeeded' : 'failed', error);
  });
  for (const { report } of changed) deps.emit({ type: 'task', runId: lease.runId, task: report });
}

function unsent(task: TaskReport, failures: readonly ExportReport[]): TaskReport {
  const words = failures.map(({ target, error }) => `${target}: ${error ?? 'no answer'}`).join('; ');
  const message = say(
    '{table} is published, but was not sent to {places}. What is already there stays; mend the cause and send it again, alone or with the next run',
    { table: task.relation ?? task.cell, places: words },
  );
  return { ...task, state: 'failed', error: { code: 'export-failed', ...worded(message) } };
}

function firstError({ tasks }: RunReport): TaskError | null {
  return tasks.find(({ state, reason }) => state === 'failed' && !reason?.startsWith('blocked'))?.error ?? null;
}

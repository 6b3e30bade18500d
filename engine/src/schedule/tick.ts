/**
 * The performer of schedules: decides what is due now and records the runs.
 *
 * T1  Decision, run and job of a due time are one transaction under the schedule's row lock: killed at any moment, it
 *     has happened whole or not at all, and the next look goes on from the cursor. No slot is lost or doubled.
 * T2  Two schedulers: the second finds the row locked or the cursor moved; the key of `schedule_slots` is the last word.
 * T3  A run is pinned to the version that was published when it fell due.
 * T4  A schedule that pauses itself tells whoever owns it in the same transaction.
 */
import type { Notebook, RunRequest, Said } from '@datacraft/shared';
import { newId, say } from '@datacraft/shared';
import { submitRun } from '../run/queued-run.ts';
import type { Database, Queryable } from '../store/database.ts';
import { requestCancel } from '../store/runs.ts';
import type { DueSchedule } from '../store/schedules.ts';
import {
  dueNotebooks,
  failuresInARow,
  lockDue,
  moveCursor,
  pauseSchedule,
  recordMissed,
  recordSlot,
  setRunParams,
  unfinishedRuns,
  widenWaiting,
} from '../store/schedules.ts';
import { boundParams } from './bound-params.ts';
import type { Decision } from './decide.ts';
import { decide } from './decide.ts';
import { dueBetween, nextDue, slotAt } from './due.ts';
import { spanMs } from './span.ts';

export interface TickDeps {
  readonly db: Database;
  /** Puts a run in the queue within the transaction. */
  enqueue(tx: Queryable, runId: string, priority: number): Promise<void>;
  /** Tells within the transaction that a schedule pauses itself. */
  onPaused?(tx: Queryable, notebookId: string, because: Said): Promise<void>;
}

export interface Ticked {
  readonly notebookId: string;
  readonly decisions: readonly { readonly decision: Decision; readonly runId: string | null }[];
  /** Said when it paused itself. */
  readonly pausedBecause: Said | null;
}

const PAUSE_AFTER = 5;
/** Runs that one look records when all missed due times are made up; the next look goes on, oldest first. */
const MOST_AT_ONCE = 200;

/** Decides everything that is due at `now`, one transaction a schedule. */
export async function tick(deps: TickDeps, now: Date): Promise<Ticked[]> {
  const ticked: Ticked[] = [];
  for (const notebookId of await dueNotebooks(deps.db, now)) {
    const done = await deps.db.transaction(async (tx) => {
      const schedule = await lockDue(tx, notebookId, now);
      return schedule === null ? null : tickOne(tx, schedule, now, deps);
    });
    if (done) ticked.push(done);
  }
  return ticked;
}

async function tickOne(tx: Queryable, schedule: DueSchedule, now: Date, deps: TickDeps): Promise<Ticked> {
  const { notebookId, spec } = schedule;
  const failed = await failuresInARow(tx, notebookId);
  const bound = spec.pause_after ?? PAUSE_AFTER;
  if (bound > 0 && failed >= bound) {
    const pausedBecause = say('{count} runs in a row failed; mend what failed, then resume the schedule', {
      count: failed,
    });
    await pauseSchedule(tx, notebookId, pausedBecause);
    await deps.onPaused?.(tx, notebookId, pausedBecause);
    return { notebookId, decisions: [], pausedBecause };
  }
  const most = spec.missed === 'all' ? MOST_AT_ONCE : Infinity;
  const due = dueBetween(spec, schedule.cursorAt.getTime(), now.getTime(), most);
  const unfinished = await unfinishedRuns(tx, notebookId);
  const decided = decide(spec, due, {
    nowMs: now.getTime(),
    running: unfinished.some((run) => run.state === 'running'),
    waiting: unfinished.some((run) => run.state === 'queued'),
  });
  const missed = decided.filter((each) => each.kind === 'missed').map((each) => new Date(each.atMs));
  await recordMissed(tx, notebookId, missed);
  const decisions = [];
  for (const decision of decided)
    if (decision.kind !== 'missed') decisions.push({ decision, runId: await carryOut(tx, schedule, decision, deps) });
  const cursorMs = due.length < most ? now.getTime() : (due.at(-1) ?? now.getTime());
  const next = nextDue(spec, cursorMs);
  await moveCursor(tx, notebookId, new Date(cursorMs), next === null ? null : new Date(next));
  return { notebookId, decisions, pausedBecause: null };
}

async function carryOut(
  tx: Queryable,
  schedule: DueSchedule,
  decision: Decision,
  deps: TickDeps,
): Promise<string | null> {
  const { notebookId } = schedule;
  const dueAt = new Date(decision.atMs);
  if (decision.kind !== 'run') {
    const runId = decision.kind === 'coalesced' ? await joinWaiting(tx, schedule, dueAt) : null;
    await recordSlot(tx, { notebookId, dueAt, decision: decision.kind, runId });
    return runId;
  }
  const runId = newId<string>('run');
  if (!(await recordSlot(tx, { notebookId, dueAt, decision: 'run', runId }))) return null;
  if (decision.cancelsRunning)
    for (const run of await unfinishedRuns(tx, notebookId)) await requestCancel(tx, run.runId);
  await submitScheduled(tx, schedule, runId, decision.atMs);
  await deps.enqueue(tx, runId, 0);
  return runId;
}

/** The run that waits stands for this due time too: its interval and its parameters say so. */
async function joinWaiting(tx: Queryable, { notebookId, document, spec }: DueSchedule, dueAt: Date) {
  const waiting = await widenWaiting(tx, notebookId, dueAt);
  if (waiting === null) return null;
  const interval = { start: waiting.start, end: dueAt };
  const params = boundParams(document, { logicalAt: dueAt, interval, timezone: spec.timezone ?? 'UTC' });
  await setRunParams(tx, waiting.runId, params);
  return waiting.runId;
}

async function submitScheduled(tx: Queryable, schedule: DueSchedule, runId: string, atMs: number): Promise<void> {
  const { notebookId, version, spec, document } = schedule;
  const logicalAt = new Date(atMs);
  const interval = { start: new Date(slotAt(spec, atMs).startMs), end: logicalAt };
  const params = boundParams(document, { logicalAt, interval, timezone: spec.timezone ?? 'UTC' });
  await submitRun(
    {
      runId,
      owner: ownerOfNotebook(notebookId, document),
      notebook: document,
      request: { params, ...limitsOf(spec) },
      trigger: 'schedule',
      createdBy: null,
      pinned: { version, logicalAt, interval },
    },
    tx,
  );
}

/** What a schedule says about tries and time, as a run takes it. */
export function limitsOf(spec: DueSchedule['spec']): Pick<RunRequest, 'retries' | 'timeoutMs'> {
  return {
    ...(spec.retries === undefined ? {} : { retries: spec.retries }),
    ...(spec.timeout === undefined ? {} : { timeoutMs: spanMs(spec.timeout) }),
  };
}

/** Who owns what a notebook of the server publishes. */
export function ownerOfNotebook(notebookId: string, { title }: Notebook) {
  return { key: `notebook:${notebookId}`, title, notebookId };
}

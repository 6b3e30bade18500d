/**
 * Backfills: a range cut into windows, each a run bound to its interval, oldest first unless it is asked otherwise.
 *
 * B1  A window has one writer: none is started while another backfill's window that overlaps it is under way.
 * B2  Live runs go first: while one of the notebook waits or works, no window is started, and windows queue behind.
 * B3  Window, run and job are one transaction: killed at any moment, a window is started once.
 */
import type { Database, Graph, Queryable } from '@datacraft/engine';
import {
  boundRunParams,
  cutByIntervals,
  dueBetween,
  ledgerOf,
  readSchedule,
  readSelection,
  requestCancel,
  scheduleLimits,
  spanMs,
  submitRun,
  whyOldestFirst,
} from '@datacraft/engine';
import type { BackfillPlan, BackfillRequest, Notebook, TableLedger } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { ownerOf } from '../engine.ts';
import type { RunningBackfill, Window } from '../store/backfills.ts';
import {
  finishBackfill,
  lockBackfill,
  pressureOn,
  runningBackfills,
  settleWindows,
  takeWindows,
  turnBackfill,
  typicalRunMs,
  windowHistory,
  windowKey,
} from '../store/backfills.ts';
import { enqueueRun } from '../worker/queue.ts';

const MOST_WINDOWS = 10_000;
/** Behind every live run, whose priority is 0. */
const PRIORITY = 10;
const DAY_MS = 86_400_000;

/** What a backfill is of. */
export interface Filled {
  readonly ownerKey: string;
  readonly notebook: Notebook;
  readonly graph: Graph;
  readonly now: Date;
}

/**
 * The windows of a range, ascending and half-open: by the length asked for, else by the interval of the cells that record
 * theirs, else by the schedule's due times, else days.
 */
function cutWindows(request: BackfillRequest, { notebook, graph }: Filled): Window[] {
  const [from, to] = rangeOf(request);
  const borders = bordersOf(request, notebook, graph);
  if (borders.length - 1 > MOST_WINDOWS)
    throw new Fault(
      'bad-request',
      say('that makes more than {most} windows; take a shorter range or a longer `every`', { most: MOST_WINDOWS }),
    );
  return borders
    .filter((at, index) => index === 0 || at > (borders[index - 1] ?? from))
    .slice(1)
    .map((end, index) => ({ start: new Date(borders[index] ?? from), end: new Date(Math.min(end, to)) }));
}

function bordersOf(request: BackfillRequest, notebook: Notebook, graph: Graph): number[] {
  const [from, to] = rangeOf(request);
  if (request.every !== undefined) return evenly(from, to, spanMs(request.every));
  const byCells = cutByIntervals(graph, selected(request, graph), { startMs: from, endMs: to }, MOST_WINDOWS);
  if (byCells !== null) return byCells;
  const spec = readSchedule(notebook);
  return spec === null ? evenly(from, to, DAY_MS) : [from, ...dueBetween(spec, from, to - 1, MOST_WINDOWS + 1), to];
}

function rangeOf(request: BackfillRequest): [number, number] {
  const [from, to] = [instantOf(request.from, 'from'), instantOf(request.to, 'to')];
  if (to <= from) throw new Fault('bad-request', `the range is empty: \`to\` must be after \`from\``);
  return [from, to];
}

function selected({ select }: BackfillRequest, graph: Graph): ReadonlySet<string> | undefined {
  return select === undefined || select.length === 0 ? undefined : readSelection(graph, select);
}

function evenly(from: number, to: number, everyMs: number): number[] {
  const count = Math.min(MOST_WINDOWS + 1, Math.ceil((to - from) / everyMs));
  return Array.from({ length: count + 1 }, (_, index) => Math.min(to, from + index * everyMs));
}

function instantOf(text: string, field: string): number {
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(at))
    throw new Fault('bad-request', say('`{field}` is no date: expected 2026-01-31 or an instant', { field }));
  return at;
}

/**
 * What a backfill would do. Missing is what a table lacks or has only a part of, where cells record their intervals; else what no run has
 * succeeded for.
 */
export async function planBackfill(db: Queryable, request: BackfillRequest, filled: Filled): Promise<BackfillPlan> {
  const { ownerKey, graph, now } = filled;
  const order = request.order ?? 'oldest_first';
  refuseOrder(request, graph);
  const windows = cutWindows(request, filled);
  const [startMs, endMs] = rangeOf(request);
  const only = selected(request, graph);
  const tables = await ledgerOf(db, { graph, now, range: { startMs, endMs }, ...(only ? { only } : {}) });
  const history = await windowHistory(db, ownerKey, windows);
  const reprocess = request.reprocess ?? 'missing';
  const chosen = windows.flatMap((window): BackfillPlan['windows'] => {
    const before = history.get(windowKey(window));
    const done = tables.length > 0 ? !lacks(tables, window) : before === 'succeeded';
    const why = done ? 'again' : before === 'failed' ? 'failed' : 'missing';
    const isWanted = reprocess === 'all' || (reprocess === 'failed' ? why === 'failed' : why !== 'again');
    return isWanted ? [{ start: window.start.toISOString(), end: window.end.toISOString(), why }] : [];
  });
  const typical = await typicalRunMs(db, ownerKey);
  return {
    windows: order === 'newest_first' ? chosen.toReversed() : chosen,
    tables,
    done: windows.length - chosen.length,
    estimatedMs: typical === null ? null : Math.round(typical * chosen.length),
    order,
  };
}

function refuseOrder(request: BackfillRequest, graph: Graph): void {
  const why = request.order === 'newest_first' ? whyOldestFirst(graph, selected(request, graph)) : null;
  if (why !== null) throw new Fault('bad-request', why);
}

function lacks(tables: readonly TableLedger[], { start, end }: Window): boolean {
  return tables.some(({ missing, partial }) =>
    [...missing, ...partial].some((hole) => new Date(hole.start) < end && new Date(hole.end) > start),
  );
}

/** Moves every backfill on by what may start now. */
export async function moveBackfills(db: Database): Promise<void> {
  for (const id of await runningBackfills(db))
    await db.transaction(async (tx) => {
      await settleWindows(tx, id);
      const backfill = await lockBackfill(tx, id);
      if (backfill !== null) await moveOne(tx, backfill);
    });
}

async function moveOne(tx: Queryable, backfill: RunningBackfill): Promise<void> {
  const { queued, live, waiting } = await pressureOn(tx, backfill);
  if (queued === 0 && waiting === 0) return finishBackfill(tx, backfill.id);
  if (live || queued >= backfill.maxParallel) return;
  for (const window of await takeWindows(tx, backfill, backfill.maxParallel - queued)) {
    await submitWindow(tx, backfill, window);
    await enqueueRun(tx, window.runId, { priority: PRIORITY });
  }
}

async function submitWindow(
  tx: Queryable,
  { notebookId, document, version, request }: RunningBackfill,
  { start, end, runId }: Window & { readonly runId: string },
): Promise<void> {
  const spec = readSchedule(document);
  const interval = { start, end };
  const params = boundRunParams(document, { logicalAt: end, interval, timezone: spec?.timezone ?? 'UTC' });
  await submitRun(
    {
      runId,
      owner: ownerOf(notebookId, document.title),
      notebook: document,
      request: {
        params,
        ...(request.select ? { select: request.select } : {}),
        ...(spec === null ? {} : scheduleLimits(spec)),
      },
      trigger: 'backfill',
      createdBy: null,
      pinned: { version, logicalAt: end, interval, priority: PRIORITY },
    },
    tx,
  );
}

/** Pauses, resumes or cancels; cancelling stops the windows that are under way. */
export async function turn(db: Database, id: string, state: 'running' | 'paused' | 'cancelled'): Promise<void> {
  await db.transaction(async (tx) => {
    for (const runId of await turnBackfill(tx, id, state)) await requestCancel(tx, runId);
  });
}

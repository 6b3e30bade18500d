import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunInput } from '@datacraft/engine';
import {
  boundRunParams,
  compile,
  createFileResolver,
  execute,
  readSchedule,
  readsEverything,
  readSelection,
} from '@datacraft/engine';
import type { BackfillOrder, BackfillPlan, BackfillRequest, BackfillSummary } from '@datacraft/shared';
import { backfillOrders, Fault } from '@datacraft/shared';
import { pino } from 'pino';
import { notebookReads } from '../auth/table-access.ts';
import type { Config } from '../config.ts';
import { loadConfig } from '../config.ts';
import { ownerOf } from '../engine.ts';
import { moveBackfills, planBackfill } from '../pipeline/backfills.ts';
import { insertBackfill, listBackfills } from '../store/backfills.ts';
import { latestPublication } from '../store/dashboards.ts';
import { fileOwners } from '../branch/store.ts';
import { notebookResolver } from '../worker/notebook-files.ts';
import { startWorker } from '../worker/worker.ts';
import type { Arguments } from './arguments.ts';
import { auditCommand } from './audit-command.ts';
import { readArguments } from './arguments.ts';
import { beginRun } from './begin-run.ts';
import { openNotebookFile } from './notebook-file.ts';
import type { Output } from './output.ts';
import { diagnosticLine, exitCodes, textTable } from './output.ts';
import type { Workspace } from './workspace.ts';
import { openWorkspace } from './workspace.ts';

const options = {
  'data-dir': { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  every: { type: 'string' },
  select: { type: 'string', multiple: true },
  reprocess: { type: 'string' },
  order: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;
const LOOK_MS = 200;

/** `datacraft backfill FILE.md|NOTEBOOK_ID --from --to …`: runs a range again, window by window. */
export async function backfill(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, options);
  const [target, ...more] = read.positionals;
  if (target === undefined || more.length > 0)
    throw new Fault('bad-request', 'backfill takes one notebook file, or the id of a published notebook');
  const request = requestOf(read);
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const workspace = await openWorkspace(config);
  const work: Work = { target, request, read, config, workspace, output };
  try {
    return await (/^nb_[a-z0-9]+$/.test(target) ? ofNotebook(work) : ofFile(work));
  } finally {
    await workspace.close();
  }
}

interface Work {
  readonly target: string;
  readonly request: BackfillRequest;
  readonly read: Arguments;
  readonly config: Config;
  readonly workspace: Workspace;
  readonly output: Output;
}

type Counts = BackfillSummary['counts'];

function requestOf(read: Arguments): BackfillRequest {
  const [from, to] = [read.text('from'), read.text('to')];
  if (from === undefined || to === undefined)
    throw new Fault('bad-request', 'backfill needs --from and --to, such as --from 2026-01-01 --to 2026-02-01');
  const [every, reprocess, order] = [read.text('every'), read.text('reprocess'), read.text('order')];
  if (reprocess !== undefined && !isReprocess(reprocess))
    throw new Fault('bad-request', `--reprocess expects missing, failed or all, got "${reprocess}"`);
  if (order !== undefined && !isOrder(order))
    throw new Fault('bad-request', `--order expects oldest_first or newest_first, got "${order}"`);
  const select = read.texts('select').flatMap((text) => text.split(',').map((name) => name.trim()));
  return {
    from,
    to,
    ...(every === undefined ? {} : { every }),
    ...(reprocess === undefined ? {} : { reprocess }),
    ...(order === undefined ? {} : { order }),
    ...(select.length === 0 ? {} : { select }),
  };
}

function isReprocess(text: string): text is NonNullable<BackfillRequest['reprocess']> {
  return text === 'missing' || text === 'failed' || text === 'all';
}

function isOrder(text: string): text is BackfillOrder {
  return backfillOrders.some((order) => order === text);
}

async function ofFile({ target, request, read, config, workspace, output }: Work): Promise<number> {
  const { deps } = workspace;
  const file = await openNotebookFile(target, deps.duck);
  if (!file.valid) {
    for (const diagnostic of file.diagnostics) output.err(diagnosticLine(file.shownAs, diagnostic));
    return exitCodes.invalid;
  }
  const { notebook, compiled } = file;
  const owner = { key: `file:${file.path}`, title: notebook.title, notebookId: null };
  readSelection(compiled.graph, request.select ?? []);
  const plan = await planBackfill(deps.db, request, {
    ownerKey: owner.key,
    notebook,
    graph: compiled.graph,
    now: deps.now(),
  });
  if (read.flag('dry-run')) return sayPlan(plan, read, output);
  await auditCommand(workspace.pool, 'backfill-start', file.shownAs, { windows: plan.windows.length });
  const resolve = createFileResolver({
    root: dirname(file.path),
    allowedPaths: config.allowedPaths,
    cacheDir: `${config.dataDir}/cache`,
    allowedHosts: config.allowedHosts,
  });
  const timezone = readSchedule(notebook)?.timezone ?? 'UTC';
  const counts: Counts = { waiting: 0, queued: 0, succeeded: 0, failed: 0, cancelled: 0 };
  const { signal } = new AbortController();
  for (const window of plan.windows) {
    const interval = { start: new Date(window.start), end: new Date(window.end) };
    const params = boundRunParams(notebook, { logicalAt: interval.end, interval, timezone });
    const range = { startMs: interval.start.getTime(), endMs: interval.end.getTime() };
    const asked = {
      params,
      fullRefresh: false,
      interval: range,
      ...(request.select ? { select: request.select } : {}),
    };
    const input: RunInput = { compiled, notebook, owner, options: asked, resolve, mayRead: readsEverything };
    const lease = await beginRun(input, deps, signal, output, { pinned: { interval, logicalAt: interval.end } });
    const { state, error } = await execute({ input, lease, deps, signal });
    counts[state === 'succeeded' ? 'succeeded' : 'failed'] += 1;
    output.err(`${window.start} to ${window.end} ${state}${error ? `: ${error.message}` : ''}`);
  }
  return sayEnd(plan, counts, read, output);
}

/** The version that is published; this command works on it itself, beside whatever server there is. */
async function ofNotebook({ target, request, read, config, workspace, output }: Work): Promise<number> {
  const { db } = workspace.deps;
  const version = await latestPublication(db, target);
  if (version === null)
    throw new Fault('not-found', `no version of the notebook ${target} is published; publish it first`);
  const { document } = version;
  const { graph } = await compile(document, workspace.deps.duck);
  const ownerKey = ownerOf(target, document.title).key;
  const plan = await planBackfill(db, request, { ownerKey, notebook: document, graph, now: workspace.deps.now() });
  if (read.flag('dry-run')) return sayPlan(plan, read, output);
  const windows = plan.windows.map(({ start, end }) => ({ start: new Date(start), end: new Date(end) }));
  const next = { notebookId: target, version: version.version, request, document, maxParallel: 1, windows, by: null };
  const id = await db.transaction((tx) => insertBackfill(tx, next));
  await auditCommand(workspace.pool, 'backfill-start', id, { windows: windows.length });
  const worker = await startWorker({
    pool: workspace.pool,
    engine: {
      deps: workspace.deps,
      resolveFor: notebookResolver(config, fileOwners(workspace.pool)),
      mayReadFor: notebookReads(workspace.pool),
    },
    log: pino({ level: config.logLevel }, pino.destination(2)),
    concurrency: 1,
  });
  try {
    for (;;) {
      await moveBackfills(db);
      const [now] = await listBackfills(db, { id });
      if (now && now.state !== 'running' && now.counts.queued === 0) return sayEnd(plan, now.counts, read, output);
      await sleep(LOOK_MS);
    }
  } finally {
    await worker.stop();
  }
}

function sayPlan(plan: BackfillPlan, read: Arguments, output: Output): number {
  if (read.flag('json')) output.out(JSON.stringify(plan));
  else {
    output.out(
      textTable(
        ['from', 'to', 'why'],
        plan.windows.map(({ start, end, why }) => [start, end, why]),
      ),
    );
    for (const { table, unit, coveredCount, missingCount, partialCount } of plan.tables)
      output.out(
        `${table} has ${coveredCount} and lacks ${missingCount} intervals of one ${unit}${partialCount === 0 ? '' : `; ${partialCount} partial`}`,
      );
    const time = plan.estimatedMs === null ? 'no run to estimate from yet' : `about ${plan.estimatedMs} ms`;
    const order = plan.order === 'newest_first' ? 'newest first' : 'oldest first';
    output.out(`${plan.windows.length} to run, ${order}, ${plan.done} done already, ${time}; nothing was run`);
  }
  return exitCodes.done;
}

function sayEnd(plan: BackfillPlan, counts: Counts, read: Arguments, output: Output): number {
  const ok = counts.failed === 0 && counts.cancelled === 0;
  if (read.flag('json'))
    output.out(JSON.stringify({ status: ok ? 'succeeded' : 'failed', windows: plan.windows, done: plan.done, counts }));
  else output.out(`${counts.succeeded} succeeded, ${counts.failed} failed, ${plan.done} done already`);
  return ok ? exitCodes.done : exitCodes.failed;
}

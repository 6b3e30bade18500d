import { dirname } from 'node:path';
import type { Progress, RunPlan, RunReport, TaskReport } from '@datacraft/shared';
import { Fault, parseEnvironment, say } from '@datacraft/shared';
import type { Owner, RunDeps, RunEvent, RunInput, RunOptions } from '@datacraft/engine';
import {
  createFileResolver,
  execute,
  explainPlan,
  openEnvironment,
  outlineOf,
  prepareRun,
  readSelection,
  readsEverything,
  releaseSources,
} from '@datacraft/engine';
import type pg from 'pg';
import { loadConfig } from '../config.ts';
import { auditCommand } from './audit-command.ts';
import { planningInEnvironment } from '../environment/inside.ts';
import type { Arguments } from './arguments.ts';
import { readArguments, readAssignments } from './arguments.ts';
import type { NotebookFile } from './notebook-file.ts';
import { openNotebookFile } from './notebook-file.ts';
import { beginRun } from './begin-run.ts';
import { oneFile } from './one-file.ts';
import type { Output } from './output.ts';
import { diagnosticJson, diagnosticLine, exitCodes, textTable } from './output.ts';
import type { Workspace } from './workspace.ts';
import { openWorkspace } from './workspace.ts';

const options = {
  'data-dir': { type: 'string' },
  param: { type: 'string', multiple: true },
  select: { type: 'string', multiple: true },
  'full-refresh': { type: 'boolean' },
  plan: { type: 'string' },
  replay: { type: 'string', multiple: true },
  where: { type: 'string' },
  env: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `datacraft run FILE.md …`: compiles, plans, runs and publishes, headless. */
export async function run(args: readonly string[], output: Output): Promise<number> {
  return withNotebook(args, 'run', output, async ({ file, read, input, deps, pool, signal, environment }) => {
    const lease = await beginRun(input, deps, signal, output, { environment });
    await auditCommand(pool, 'run-start', lease.runId, { file: file.shownAs, ...(environment ? { environment } : {}) });
    const report = await execute({ input, lease, deps, signal });
    const located = { ...report, tasks: report.tasks.map((task) => inFile(task, file)) };
    const { error, state, tasks } = located;
    if (error && tasks.length === 0) throw new Fault(error.code, error.message);
    if (read.flag('json')) output.out(JSON.stringify(reportJson(located)));
    else printReport(located, output);
    return state === 'succeeded' ? exitCodes.done : exitCodes.failed;
  });
}

/** `datacraft plan FILE.md [--json]`: what a run would do, and why. */
export async function plan(args: readonly string[], output: Output): Promise<number> {
  return withNotebook(args, 'plan', output, async ({ read, input, deps, signal }) => {
    const prepared = await prepareRun(input, deps, signal);
    try {
      const outline = await outlineOf(prepared, deps, readsEverything);
      const { stages } = prepared.plan;
      output.out(read.flag('json') ? JSON.stringify({ stages, ...outline }) : explainPlan(prepared.plan));
      if (!read.flag('json')) for (const line of radiusLines(outline)) output.err(line);
      return exitCodes.done;
    } finally {
      await releaseSources(prepared.known);
    }
  });
}

/** What people should know besides, without a word of it on stdout: whom it breaks, and how to run exactly this. */
function radiusLines({ planId, cells, readers }: RunPlan): string[] {
  const gone = cells
    .filter(({ action }) => action === 'remove')
    .map(({ relation }) => `${relation}: no cell makes it any more`);
  const broken = readers
    .filter((reader) => reader.broken.length > 0)
    .map(({ cell, notebookTitle, broken: lost }) => `breaking: ${cell} in ${notebookTitle} reads ${lost.join(', ')}`);
  return [...gone, ...broken, `to run exactly this: --plan ${planId}`];
}

interface Work {
  readonly file: NotebookFile;
  readonly read: Arguments;
  readonly input: RunInput;
  /** Of the environment that was asked for. */
  readonly deps: RunDeps;
  readonly environment: string | undefined;
  readonly workspace: Workspace;
  readonly pool: pg.Pool;
  readonly signal: AbortSignal;
}

/** Opens a notebook file with the workspace it would run in. */
export async function withNotebook(
  args: readonly string[],
  command: string,
  output: Output,
  work: (work: Work) => Promise<number>,
): Promise<number> {
  const read = readArguments(args, options);
  const path = oneFile(read, command);
  const asked = optionsOf(read);
  const given = read.text('env');
  const environment = given === undefined ? undefined : parseEnvironment(given);
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const stop = interruptSignal();
  const workspace = await openWorkspace(config, taskLog(output));
  try {
    const file = await openNotebookFile(path, workspace.deps.duck);
    if (!file.valid) return reportInvalid(file, read.flag('json'), output);
    const owner: Owner = { key: `file:${file.path}`, title: file.notebook.title, notebookId: null };
    const resolve = createFileResolver({
      root: dirname(file.path),
      allowedPaths: config.allowedPaths,
      cacheDir: `${config.dataDir}/cache`,
      allowedHosts: config.allowedHosts,
    });
    const input = {
      compiled: file.compiled,
      notebook: file.notebook,
      owner,
      options: asked,
      resolve,
      mayRead: readsEverything,
    };
    readSelection(file.compiled.graph, input.options.select ?? []);
    if (command === 'run' && environment !== undefined) await openEnvironment(workspace.deps.db, environment, null);
    const deps =
      command === 'promote' ? workspace.deps : await planningInEnvironment(environment, owner, workspace.deps);
    return await work({ file, read, input, deps, environment, workspace, pool: workspace.pool, signal: stop.signal });
  } finally {
    stop.release();
    await workspace.close();
  }
}

function namesIn(texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function optionsOf(read: Arguments): RunOptions {
  const replay = namesIn(read.texts('replay'));
  const asked = namesIn(read.texts('select'));
  const select = asked.length === 0 ? replay : asked;
  const planId = read.text('plan');
  const replayWhere = read.text('where');
  if (replayWhere !== undefined && replay.length === 0)
    throw new Fault('bad-request', say('{key} needs {other}: name the cells', { key: '--where', other: '--replay' }));
  return {
    ...(planId === undefined ? {} : { planId }),
    params: Object.fromEntries(readAssignments(read.texts('param'))),
    fullRefresh: read.flag('full-refresh'),
    ...(select.length === 0 ? {} : { select }),
    ...(replay.length === 0 ? {} : { replay }),
    ...(replayWhere === undefined ? {} : { replayWhere }),
  };
}

function reportInvalid(file: NotebookFile, json: boolean, output: Output): number {
  for (const diagnostic of file.diagnostics) output.err(diagnosticLine(file.shownAs, diagnostic));
  if (json)
    output.out(JSON.stringify({ status: 'failed', tasks: [], diagnostics: file.diagnostics.map(diagnosticJson) }));
  return exitCodes.invalid;
}

/** Positions of a task's error count in the file, as in an editor that has it open. */
function inFile(task: TaskReport, file: NotebookFile): TaskReport {
  if (task.error?.line === undefined) return task;
  const { cell = task.cell, line } = task.error;
  return { ...task, error: { ...task.error, line: file.fileLine(cell, line) } };
}

function reportJson(report: RunReport): object {
  return {
    status: report.state === 'succeeded' ? 'succeeded' : 'failed',
    runId: report.runId,
    tasks: report.tasks,
    ...(report.error ? { error: report.error } : {}),
  };
}

function printReport(report: RunReport, output: Output): void {
  const rows = report.tasks.map((task) => [
    task.cell,
    task.relation ?? '',
    task.state,
    task.rowsWritten === null ? '' : String(task.rowsWritten),
    task.durationMs === null ? '' : `${task.durationMs} ms`,
    task.error?.message ?? task.reason ?? '',
  ]);
  output.out(textTable(['cell', 'relation', 'state', 'rows', 'time', 'why'], rows));
  output.out(`run ${report.runId} ${report.state}`);
}

/** How often a line says how far something is. */
const TELL_EVERY_MS = 2_000;

/** One line to stderr for each state a task comes into, and while one takes long, how far it is. */
function taskLog(output: Output): (event: RunEvent) => void {
  const last = new Map<string, string>();
  let toldMs = Date.now();
  const tell = (cell: string, progress: Progress) => {
    if (Date.now() - toldMs < TELL_EVERY_MS) return;
    toldMs = Date.now();
    output.err(`${cell} ${progressLine(progress)}`);
  };
  return (event) => {
    if (event.type === 'reading') return tell(event.cell, event.progress);
    if (event.type !== 'task' || event.task.state === 'queued') return;
    if (event.progress !== undefined) return tell(event.task.cell, event.progress);
    const { task } = event;
    if (last.get(task.cell) === task.state) return;
    last.set(task.cell, task.state);
    const why = task.error ? `: ${task.error.message}` : task.reason ? ` (${task.reason})` : '';
    output.err(`${task.cell} ${task.state}${why}`);
  };
}

function progressLine({ rows, total, isEstimate, bytes, totalBytes, percent }: Progress): string {
  const megabytes = (size: number) => `${(size / 1e6).toFixed(1)} MB`;
  const of = (known: string | null) => (known === null ? '' : ` of ${known}`);
  const all = total === null ? null : `${isEstimate === true ? 'about ' : ''}${total}`;
  const parts = [
    ...(rows === null ? [] : [`${rows}${of(all)} rows`]),
    ...(bytes === undefined
      ? []
      : [`${megabytes(bytes)}${of(totalBytes === undefined ? null : megabytes(totalBytes))}`]),
    ...(percent === null ? [] : [`${Math.floor(percent)} %`]),
  ];
  return `is at ${parts.join(', ')}`;
}

function interruptSignal(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', abort);
      process.off('SIGTERM', abort);
    },
  };
}

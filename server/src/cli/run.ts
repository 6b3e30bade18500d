import { dirname } from 'node:path';
import type { RunReport, TaskReport } from '@datacraft/shared';
import { newId } from '@datacraft/shared';
import type { Owner, RunEvent, RunOptions } from '@datacraft/engine';
import { beginRun, createFileResolver, execute, explainPlan, prepareRun } from '@datacraft/engine';
import { loadConfig } from '../config.ts';
import type { Arguments } from './arguments.ts';
import { readArguments, readAssignments } from './arguments.ts';
import type { NotebookFile } from './notebook-file.ts';
import { openNotebookFile } from './notebook-file.ts';
import { oneFile } from './one-file.ts';
import type { Output } from './output.ts';
import { diagnosticJson, diagnosticLine, exitCodes, textTable } from './output.ts';
import { openWorkspace } from './workspace.ts';

const options = {
  'data-dir': { type: 'string' },
  param: { type: 'string', multiple: true },
  select: { type: 'string', multiple: true },
  'full-refresh': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** `datacraft run FILE.md …`: compiles, plans, runs and publishes, headless. */
export async function run(args: readonly string[], output: Output): Promise<number> {
  return withNotebook(args, 'run', output, async ({ file, read, prepare, deps, owner, signal }) => {
    const prepared = await prepare();
    const lease = await beginRun({ runId: newId('run'), owner, trigger: 'cli', prepared, createdBy: null }, deps);
    const report = await execute({ prepared, owner, lease, deps, signal });
    const located = { ...report, tasks: report.tasks.map((task) => inFile(task, file)) };
    if (read.flag('json')) output.out(JSON.stringify(reportJson(located)));
    else printReport(located, output);
    return report.state === 'succeeded' ? exitCodes.done : exitCodes.failed;
  });
}

/** `datacraft plan FILE.md [--json]`: what a run would do, and why. */
export async function plan(args: readonly string[], output: Output): Promise<number> {
  return withNotebook(args, 'plan', output, async ({ read, prepare }) => {
    const prepared = await prepare();
    output.out(read.flag('json') ? JSON.stringify({ stages: prepared.plan.stages }) : explainPlan(prepared.plan));
    return exitCodes.done;
  });
}

interface Work {
  readonly file: NotebookFile;
  readonly read: Arguments;
  readonly owner: Owner;
  readonly deps: Awaited<ReturnType<typeof openWorkspace>>['deps'];
  readonly signal: AbortSignal;
  prepare(): ReturnType<typeof prepareRun>;
}

async function withNotebook(args: readonly string[], command: string, output: Output, work: (work: Work) => Promise<number>): Promise<number> {
  const read = readArguments(args, options);
  const path = oneFile(read, command);
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const stop = interruptSignal();
  const workspace = await openWorkspace(config, (event) => logEvent(event, output));
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
    const runOptions = optionsOf(read);
    const prepare = () => prepareRun({ compiled: file.compiled, notebook: file.notebook, owner, options: runOptions, resolve }, workspace.deps, stop.signal);
    return await work({ file, read, owner, deps: workspace.deps, signal: stop.signal, prepare });
  } finally {
    stop.release();
    await workspace.close();
  }
}

function optionsOf(read: Arguments): RunOptions {
  const select = read.texts('select').flatMap((text) => text.split(',')).map((text) => text.trim()).filter((text) => text !== '');
  return { params: Object.fromEntries(readAssignments(read.texts('param'))), fullRefresh: read.flag('full-refresh'), ...(select.length === 0 ? {} : { select }) };
}

function reportInvalid(file: NotebookFile, json: boolean, output: Output): number {
  for (const diagnostic of file.diagnostics) output.err(diagnosticLine(file.shownAs, diagnostic));
  if (json) output.out(JSON.stringify({ status: 'failed', tasks: [], diagnostics: file.diagnostics.map(diagnosticJson) }));
  return exitCodes.invalid;
}

/** Positions of a task's error count in the file, as in an editor that has it open. */
function inFile(task: TaskReport, file: NotebookFile): TaskReport {
  if (task.error?.line === undefined) return task;
  return { ...task, error: { ...task.error, line: file.fileLine(task.cell, task.error.line) } };
}

function reportJson(report: RunReport): object {
  return { status: report.state === 'succeeded' ? 'succeeded' : 'failed', runId: report.runId, tasks: report.tasks, ...(report.error ? { error: report.error } : {}) };
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

function logEvent(event: RunEvent, output: Output): void {
  if (event.type !== 'task' || event.progress !== undefined || event.task.state === 'queued') return;
  const { task } = event;
  const why = task.error ? `: ${task.error.message}` : task.reason ? ` (${task.reason})` : '';
  output.err(`${task.cell} ${task.state}${why}`);
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

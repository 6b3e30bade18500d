/**
 * What the server knows of this notebook now: the graph, the findings, the run. It is heard, never asked for in turns.
 *
 * L1 A task's failure is forgotten as soon as the cell's fingerprint is another one.
 * L2 Everything here may be thrown away: the stream begins with the whole state.
 * L3 A run and its tasks only go forward, in whatever order answers and events arrive.
 *    A run in an environment is told on its own page: what it makes is none of this notebook's tables.
 * L4 A graph event tells of all cells; only those hear of it of which it says something new. What it says anew of one
 *    stays the same object (S1), and so does the cell's state.
 */
import type { CellId, CellStatus, Diagnostic, NotebookEvent, Progress, RunReport, TaskReport } from '@datacraft/shared';
import { blockedBy, stateOfCell, type CellState, type Known } from './cell-state.ts';
import { Statuses } from './statuses.svelte.ts';

const ended = new Set(['succeeded', 'failed', 'cancelled']);

export class LiveState {
  /** The event stream is open. */
  open = $state(false);
  /** The first graph has come: what cells read is known. */
  heard = $state(false);
  readonly statuses = new Statuses();
  diagnostics = $state.raw<readonly Diagnostic[]>([]);
  /** The running run, or the last one. */
  run = $state.raw<RunReport | null>(null);
  progress = $state.raw<ReadonlyMap<string, Progress>>(new Map());
  /** Fingerprint of a cell, by name, when its last task ended. */
  readonly #taskPrint = new Map<string, string | null>();
  /** What each cell's state was worked out of last. */
  readonly #states = new Map<CellId, { known: Known; state: CellState }>();

  readonly byName = $derived(new Map(this.statuses.all.map((status) => [status.name, status])));
  readonly active = $derived(this.run !== null && !ended.has(this.run.state));
  readonly errors = $derived(this.diagnostics.filter((found) => found.severity === 'error'));
  #lastBroken: ReadonlySet<string> = new Set();
  readonly #broken = $derived((this.#lastBroken = sameNames(this.#lastBroken, this.#brokenNames())));
  readonly #tasks = $derived(new Map(this.run?.tasks.map((task) => [task.cell, task])));
  /** The first of each cell, by its id, or by its name where that is all that is known. */
  readonly #firstErrors = $derived(
    new Map(this.errors.toReversed().map((found) => [found.cellId ?? found.cell, found])),
  );

  hear(event: NotebookEvent): void {
    if (event.type === 'graph') {
      this.#hearGraph(event.cells, event.diagnostics);
      this.heard = true;
    } else if (event.type === 'run') this.setRun(event.run);
    else if (event.type === 'task') this.#hearTask(event.runId, event.task, event.progress ?? null);
    else if (event.type === 'reading' && this.run?.runId === event.runId && this.active)
      this.progress = new Map(this.progress).set(event.cell, event.progress);
  }

  setRun(run: RunReport): void {
    if (run.environment !== undefined) return;
    if (this.run && this.run.runId !== run.runId && this.run.createdAt > run.createdAt) return;
    if (this.run?.runId !== run.runId) this.progress = new Map();
    else if (ended.has(this.run.state) && !ended.has(run.state)) return;
    else run = { ...run, tasks: run.tasks.map((task) => this.#furthest(task)) };
    this.run = run;
    for (const task of run.tasks) this.#notePrint(task);
  }

  stateOf(id: CellId, name: string): CellState {
    const status = this.statuses.get(id) ?? null;
    const error = this.#firstErrors.get(id) ?? this.#firstErrors.get(name);
    const known: Known = {
      status,
      error: error ?? null,
      task: this.#currentTask(name, status),
      active: this.active,
      progress: this.progress.get(name) ?? null,
      brokenUpstream: this.#brokenAbove(status),
    };
    const last = this.#states.get(id);
    if (last && isSame(last.known, known)) return last.state;
    const state = stateOfCell(known);
    this.#states.set(id, { known, state });
    return state;
  }

  #hearGraph(cells: readonly CellStatus[], diagnostics: readonly Diagnostic[]): void {
    this.statuses.hear(cells);
    this.diagnostics = sameOr(this.diagnostics, diagnostics);
  }

  /** An answer that was asked for before the stream told more must not take a task back. */
  #furthest(task: TaskReport): TaskReport {
    const known = this.#tasks.get(task.cell);
    const hasEnded = (state: TaskReport['state']) => state !== 'queued' && state !== 'running';
    return known && hasEnded(known.state) && !hasEnded(task.state) ? known : task;
  }

  #hearTask(runId: string, task: TaskReport, progress: Progress | null): void {
    if (!this.run || this.run.runId !== runId) return;
    const tasks = this.run.tasks.some((known) => known.cell === task.cell)
      ? this.run.tasks.map((known) => (known.cell === task.cell ? task : known))
      : [...this.run.tasks, task];
    this.run = { ...this.run, tasks };
    this.#notePrint(task);
    const next = new Map(this.progress);
    if (progress) next.set(task.cell, progress);
    else next.delete(task.cell);
    this.progress = next;
  }

  #notePrint(task: TaskReport): void {
    if (task.state === 'running' || task.state === 'queued') this.#taskPrint.delete(task.cell);
    else if (!this.#taskPrint.has(task.cell))
      this.#taskPrint.set(task.cell, this.byName.get(task.cell)?.fingerprint ?? null);
  }

  #currentTask(name: string, status: CellStatus | null): TaskReport | null {
    const task = this.#tasks.get(name) ?? null;
    if (!task || this.active) return task;
    const print = this.#taskPrint.get(name);
    return print && status?.fingerprint && print !== status.fingerprint ? null : task;
  }

  #brokenNames(): Set<string> {
    const names = new Set(this.errors.flatMap((found) => (found.cell ? [found.cell] : [])));
    for (const status of this.statuses.all) {
      const task = this.#currentTask(status.name, status);
      if (task?.state === 'failed' && blockedBy(task) === null) names.add(status.name);
    }
    return names;
  }

  #brokenAbove(status: CellStatus | null): string | null {
    if (this.#broken.size === 0) return null;
    const seen = new Set<string>();
    const queue = [...(status?.dependsOn ?? [])];
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (this.#broken.has(name)) return name;
      queue.push(...(this.byName.get(name)?.dependsOn ?? []));
    }
    return null;
  }
}

function sameOr<Value>(known: Value | undefined, found: Value): Value {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(found) ? known : found;
}

function sameNames(known: ReadonlySet<string>, found: ReadonlySet<string>): ReadonlySet<string> {
  return known.size === found.size && [...known].every((name) => found.has(name)) ? known : found;
}

function isSame(a: Known, b: Known): boolean {
  return (Object.keys(a) as (keyof Known)[]).every((key) => a[key] === b[key]);
}

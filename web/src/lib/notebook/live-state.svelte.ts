/**
 * What the server knows of this notebook now: the graph, the findings, the run. It is heard, never asked for in turns.
 *
 * L1 A task's failure is forgotten as soon as the cell's fingerprint is another one.
 * L2 Everything here may be thrown away: the stream begins with the whole state.
 * L3 A run and its tasks only go forward, in whatever order answers and events arrive.
 */
import type { CellId, CellStatus, Diagnostic, NotebookEvent, RunReport, TaskReport } from '@datacraft/shared';
import { blockedBy, stateOfCell, type CellState, type Progress } from './cell-state.ts';

const ended = new Set(['succeeded', 'failed', 'cancelled']);

export class LiveState {
  /** The event stream is open. */
  open = $state(false);
  /** The first graph has come: what cells read is known. */
  heard = $state(false);
  statuses = $state.raw<ReadonlyMap<CellId, CellStatus>>(new Map());
  diagnostics = $state.raw<readonly Diagnostic[]>([]);
  /** The running run, or the last one. */
  run = $state.raw<RunReport | null>(null);
  progress = $state.raw<ReadonlyMap<string, Progress>>(new Map());
  /** Fingerprint of a cell, by name, when its last task ended. */
  readonly #taskPrint = new Map<string, string | null>();

  readonly byName = $derived(new Map([...this.statuses.values()].map((status) => [status.name, status])));
  readonly active = $derived(this.run !== null && !ended.has(this.run.state));
  readonly errors = $derived(this.diagnostics.filter((found) => found.severity === 'error'));
  readonly #broken = $derived(this.#brokenNames());

  hear(event: NotebookEvent): void {
    if (event.type === 'graph') {
      this.statuses = new Map(event.cells.map((cell) => [cell.id, cell]));
      this.diagnostics = event.diagnostics;
      this.heard = true;
    } else if (event.type === 'run') this.setRun(event.run);
    else if (event.type === 'task') this.#hearTask(event.runId, event.task, event.progress ?? null);
  }

  setRun(run: RunReport): void {
    if (this.run && this.run.runId !== run.runId && this.run.createdAt > run.createdAt) return;
    if (this.run?.runId !== run.runId) this.progress = new Map();
    else if (ended.has(this.run.state) && !ended.has(run.state)) return;
    else run = { ...run, tasks: run.tasks.map((task) => this.#furthest(task)) };
    this.run = run;
    for (const task of run.tasks) this.#notePrint(task);
  }

  stateOf(id: CellId, name: string): CellState {
    const status = this.statuses.get(id) ?? null;
    const task = this.#currentTask(name, status);
    return stateOfCell({
      status,
      errors: this.errors.filter((found) => found.cellId === id || (found.cellId === null && found.cell === name)),
      task,
      active: this.active,
      progress: this.progress.get(name) ?? null,
      brokenUpstream: this.#brokenAbove(status),
    });
  }

  /** An answer that was asked for before the stream told more must not take a task back. */
  #furthest(task: TaskReport): TaskReport {
    const known = this.run?.tasks.find((one) => one.cell === task.cell);
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
    const task = this.run?.tasks.find((known) => known.cell === name) ?? null;
    if (!task || this.active) return task;
    const print = this.#taskPrint.get(name);
    return print && status?.fingerprint && print !== status.fingerprint ? null : task;
  }

  #brokenNames(): Set<string> {
    const names = new Set(this.errors.flatMap((found) => (found.cell ? [found.cell] : [])));
    for (const status of this.statuses.values()) {
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

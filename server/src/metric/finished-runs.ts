/**
 * Counts what has ended since this process began, whoever did it: the worker here, other workers, the command line.
 *
 * F1  A run is counted once, when it has ended; one that commits late is found in the overlap.
 * F2  What can be counted is there from the first scrape on, as zero: a counter that begins at one never rose.
 */
import type { Queryable } from '@datacraft/engine';
import { type CheckReport, type RunState, runTriggers, type RunTrigger, type TaskReport } from '@datacraft/shared';
import type { Metrics } from './registry.ts';

const LONG_BOUNDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400];
/** A transaction that ends a run is shorter than this. */
const OVERLAP_MS = 120_000;
const AT_ONCE = 1_000;
const ends = ['succeeded', 'failed', 'cancelled'] as const satisfies readonly RunState[];
const verdicts: readonly CheckReport['status'][] = ['passed', 'failed', 'warned', 'not-evaluated'];

interface Row {
  id: string;
  state: RunState;
  trigger: RunTrigger;
  waited: number | null;
  took: number | null;
  finished_at: Date;
  tasks: TaskReport[];
}

export class FinishedRuns {
  readonly #db: Queryable;
  readonly #metrics: Metrics;
  #since: Date;
  readonly #began: Date;
  readonly #seen = new Map<string, number>();

  constructor(db: Queryable, metrics: Metrics, began: Date) {
    this.#db = db;
    this.#metrics = metrics;
    this.#since = began;
    this.#began = began;
    this.#countNothing();
  }

  async count(): Promise<void> {
    for (;;) {
      const rows = await this.#read();
      for (const row of rows) this.#countRun(row);
      const last = rows.at(-1)?.finished_at;
      if (last) this.#move(last);
      if (rows.length < AT_ONCE) return;
    }
  }

  async #read(): Promise<Row[]> {
    const { rows } = await this.#db.query<Row>(
      `select id, state, trigger, finished_at,
              extract(epoch from started_at - created_at)::float8 as waited,
              extract(epoch from finished_at - started_at)::float8 as took,
              (select coalesce(jsonb_agg(report), '[]') from tasks where run_id = runs.id) as tasks
         from runs where finished_at > $1 and not (id = any ($2)) order by finished_at limit ${AT_ONCE}`,
      [this.#since, [...this.#seen.keys()]],
    );
    return rows;
  }

  #move(last: Date): void {
    this.#since = new Date(Math.max(this.#began.getTime(), last.getTime() - OVERLAP_MS));
    for (const [id, at] of this.#seen) if (at <= this.#since.getTime()) this.#seen.delete(id);
  }

  /** F2 */
  #countNothing(): void {
    for (const state of ends) {
      for (const trigger of runTriggers) this.#metrics.count('datacraft_runs_finished_total', { trigger, state }, 0);
    }
    for (const state of [...ends, 'skipped']) this.#metrics.count('datacraft_tasks_finished_total', { state }, 0);
    for (const status of verdicts) this.#metrics.count('datacraft_checks_total', { status }, 0);
    for (const what of ['rows_written', 'rows_rejected', 'bytes_written'])
      this.#metrics.count(`datacraft_${what}_total`, {}, 0);
  }

  #countRun({ id, state, trigger, waited, took, finished_at: finishedAt, tasks }: Row): void {
    this.#seen.set(id, finishedAt.getTime());
    this.#metrics.count('datacraft_runs_finished_total', { trigger, state });
    if (took !== null) this.#metrics.observe('datacraft_run_seconds', { trigger }, took, LONG_BOUNDS);
    if (waited !== null) this.#metrics.observe('datacraft_run_wait_seconds', { trigger }, waited, LONG_BOUNDS);
    for (const task of tasks) this.#countTask(task);
  }

  #countTask({ state, durationMs, rowsWritten, rowsRejected, bytesWritten, checks }: TaskReport): void {
    this.#metrics.count('datacraft_tasks_finished_total', { state });
    if (state === 'succeeded' || state === 'failed')
      if (durationMs !== null)
        this.#metrics.observe('datacraft_task_seconds', { state }, durationMs / 1000, LONG_BOUNDS);
    for (const check of checks ?? []) this.#metrics.count('datacraft_checks_total', { status: check.status });
    if (state !== 'succeeded') return;
    this.#metrics.count('datacraft_rows_written_total', {}, rowsWritten ?? 0);
    this.#metrics.count('datacraft_rows_rejected_total', {}, rowsRejected ?? 0);
    this.#metrics.count('datacraft_bytes_written_total', {}, bytesWritten ?? 0);
  }
}

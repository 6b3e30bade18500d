import type { Progress, RelationRef, TaskError, TaskReport } from '@datacraft/shared';
import { relationName, say, worded } from '@datacraft/shared';
import type { Stage } from '../plan/plan.ts';
import type { Publication } from '../publish/publish.ts';
import type { Queryable } from '../store/database.ts';
import type { Lease } from '../store/lease.ts';
import type { TaskRow } from '../store/runs.ts';
import { saveTasks } from '../store/runs.ts';
import type { Readable, RunDeps } from './context.ts';
import { ExpectationFault } from './expectation-fault.ts';
import { errorOf } from './error-of.ts';
import type { Prepared } from './prepare.ts';
import { RunLog } from './run-log.ts';
import { TELL_EVERY_MS } from './telling.ts';
import { trainedAmong } from './session-models.ts';
import { readableStaged } from './warehouse.ts';
import { WriteBehind } from './write-behind.ts';

type SnapshotOf = (publication: Publication) => string | null;

interface Entry {
  readonly stage: Stage;
  readonly position: number;
  report: TaskReport;
  publication: Publication | null;
  startedAtMs: number;
  progressAtMs: number;
}

/**
 * The tasks of one run: their state in memory, on the event stream at every change, and in the database soon after it;
 * `saved` waits for that. Changes that come while one write is under way are written together.
 */
export class TaskBoard {
  /** What else is written of the tasks without waiting for it. */
  readonly writes = new WriteBehind();
  readonly log: RunLog;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #lease: Lease;
  readonly #deps: RunDeps;
  readonly #unsaved = new Set<Entry>();

  private constructor(entries: ReadonlyMap<string, Entry>, lease: Lease, deps: RunDeps) {
    this.#entries = entries;
    this.#lease = lease;
    this.#deps = deps;
    this.log = new RunLog(lease, deps, this.writes);
  }

  static open({ plan, broken, compiled }: Prepared, lease: Lease, deps: RunDeps): TaskBoard {
    const { graph } = compiled;
    const entries: [string, Entry][] = plan.stages.map((stage, position) => [
      stage.cell,
      {
        stage,
        position,
        report: queued(stage, graph.cells.get(stage.cell)?.relation ?? null),
        publication: null,
        startedAtMs: 0,
        progressAtMs: 0,
      },
    ]);
    for (const [cell, culprit] of broken) {
      const relation = graph.cells.get(cell)?.relation ?? null;
      if (relation === null) continue;
      const stage: Stage = {
        cell,
        relation,
        action: 'skip',
        reason: 'not selected',
        fingerprint: '',
        dependsOn: [],
        readsStale: [],
      };
      entries.push([
        cell,
        {
          stage,
          position: entries.length,
          report: brokenReport(stage, culprit),
          publication: null,
          startedAtMs: 0,
          progressAtMs: 0,
        },
      ]);
    }
    const board = new TaskBoard(new Map(entries), lease, deps);
    for (const [, entry] of entries) board.#save(entry);
    return board;
  }

  /** Resolves when the database knows all that the board does. */
  saved(): Promise<void> {
    return this.writes.settled();
  }

  reports(): TaskReport[] {
    return [...this.#entries.values()].map((entry) => entry.report);
  }

  /** Everything it reads in this run has ended, well or not. */
  isReady(stage: Stage): boolean {
    return stage.dependsOn.every((cell) => {
      const state = this.#entries.get(cell)?.report.state;
      return state === undefined || (state !== 'queued' && state !== 'running');
    });
  }

  /** The cell that keeps this one from running, or null. */
  blockerOf(stage: Stage): string | null {
    return (
      stage.dependsOn.find((cell) => ['failed', 'cancelled'].includes(this.#entries.get(cell)?.report.state ?? '')) ??
      null
    );
  }

  skip(stage: Stage, snapshotId: string | null): void {
    this.#change(stage, { state: 'skipped', reason: stage.reason, rowsWritten: 0, snapshotId, durationMs: 0 });
  }

  /** Blocked is failed without an error of its own: its last good result stays. */
  block(stage: Stage, blocker: string): void {
    const error: TaskError = {
      code: 'conflict',
      ...worded(say('blocked by {blocker}: it failed, so this cell keeps its last good result', { blocker })),
    };
    this.#change(stage, { state: 'failed', reason: `blocked by ${blocker}`, error });
  }

  start(stage: Stage): void {
    const startedAt = this.#deps.now();
    this.#entry(stage).startedAtMs = startedAt.getTime();
    this.#change(stage, { state: 'running', reason: stage.reason, startedAt: startedAt.toISOString() });
  }

  /** Told at most twice a second: each is an event for everybody in the notebook. */
  progress(stage: Stage, progress: Progress): void {
    const entry = this.#entry(stage);
    const nowMs = this.#deps.now().getTime();
    if (nowMs - entry.progressAtMs < TELL_EVERY_MS || (progress.percent === null && progress.rows === null)) return;
    entry.progressAtMs = nowMs;
    this.#deps.emit({ type: 'task', runId: this.#lease.runId, task: entry.report, progress });
  }

  succeed(stage: Stage, publication: Publication): void {
    const entry = this.#entry(stage);
    entry.publication = publication;
    this.#change(stage, {
      state: 'succeeded',
      rowsWritten: publication.rows,
      ...(publication.staged === null ? {} : { bytesWritten: publication.staged.sizeBytes }),
      durationMs: this.#duration(entry),
      ...(publication.rejected > 0 ? { rowsRejected: publication.rejected } : {}),
      ...(publication.checks.length > 0 ? { checks: [...publication.checks] } : {}),
    });
  }

  fail(stage: Stage, error: unknown): void {
    this.#change(stage, {
      state: 'failed',
      durationMs: this.#duration(this.#entry(stage)),
      error: errorOf(error, stage.cell),
      ...(error instanceof ExpectationFault ? { checks: [...error.checks] } : {}),
    });
  }

  /** What the run made under a name, for the cells that read it. */
  staged(ref: RelationRef): Readable | null {
    const tables = this.publications().flatMap(({ staged, side }) => (staged ? [staged, ...side] : side));
    const found = tables.find((table) => relationName(table.ref) === relationName(ref));
    return found ? readableStaged(found) : null;
  }

  /** What the model of this name learned in this run. */
  trained(model: string): Uint8Array | null {
    return trainedAmong(this.publications(), model);
  }

  publications(): Publication[] {
    return [...this.#entries.values()].flatMap((entry) => (entry.publication ? [entry.publication] : []));
  }

  /** Writes which snapshots the tasks came to, in the transaction that publishes them. */
  async savePublished(tx: Queryable, snapshotOf: SnapshotOf): Promise<void> {
    const rows = [...this.#entries.values()].flatMap((entry): TaskRow[] =>
      entry.publication
        ? [{ position: entry.position, report: { ...entry.report, snapshotId: snapshotOf(entry.publication) } }]
        : [],
    );
    await saveTasks(tx, this.#lease, rows);
  }

  /** Says so, once that transaction is committed. */
  published(snapshotOf: SnapshotOf): void {
    for (const entry of this.#entries.values()) {
      if (!entry.publication) continue;
      entry.report = { ...entry.report, snapshotId: snapshotOf(entry.publication) };
      this.#emit(entry);
    }
  }

  /** Ends what has not ended, and takes back successes that were not published. */
  abandon(state: 'cancelled' | 'failed', error: TaskError): void {
    for (const entry of this.#entries.values()) {
      const unpublished = entry.report.state === 'succeeded' && entry.report.snapshotId === null;
      if (!unpublished && entry.report.state !== 'queued' && entry.report.state !== 'running') continue;
      entry.publication = null;
      this.#change(entry.stage, { state, rowsWritten: null, ...(state === 'failed' ? { error } : {}) });
    }
  }

  failed(): boolean {
    return this.firstError() !== null;
  }

  firstError(): TaskError | null {
    const failed = [...this.#entries.values()].find(
      (entry) => entry.report.state === 'failed' && !entry.report.reason?.startsWith('blocked'),
    );
    return failed?.report.error ?? null;
  }

  #entry(stage: Stage): Entry {
    const entry = this.#entries.get(stage.cell);
    if (!entry) throw new Error(`stage ${stage.cell} is not of this plan`);
    return entry;
  }

  #duration(entry: Entry): number {
    return Math.max(0, this.#deps.now().getTime() - entry.startedAtMs);
  }

  #change(stage: Stage, change: Partial<TaskReport>): void {
    const entry = this.#entry(stage);
    entry.report = { ...entry.report, ...change };
    this.#save(entry);
    this.#emit(entry);
    if (entry.report.state !== 'running' && entry.report.state !== 'queued') this.log.sayEnd(entry.report);
  }

  #emit({ report }: Entry): void {
    this.#deps.emit({ type: 'task', runId: this.#lease.runId, task: report });
  }

  #save(entry: Entry): void {
    const isWaiting = this.#unsaved.size > 0;
    this.#unsaved.add(entry);
    if (isWaiting) return;
    this.writes.add(async () => {
      const rows = [...this.#unsaved].map(({ position, report }) => ({ position, report }));
      this.#unsaved.clear();
      await saveTasks(this.#deps.db, this.#lease, rows, 'soon');
    });
  }
}

function queued(stage: Stage, relation: RelationRef | null): TaskReport {
  return {
    cell: stage.cell,
    relation: relation ? relationName(relation) : null,
    state: 'queued',
    rowsWritten: null,
    snapshotId: null,
    durationMs: null,
  };
}

/** A cell whose text has errors, or reads one that has: it cannot run, and says whose fault that is. */
function brokenReport(stage: Stage, culprit: string): TaskReport {
  const report = queued(stage, stage.relation);
  const own = culprit === stage.cell;
  const message = own
    ? say('its text has errors: mend them and run again')
    : say('blocked by {culprit}: its text has errors', { culprit });
  return {
    ...report,
    state: 'failed',
    ...(own ? {} : { reason: `blocked by ${culprit}` }),
    error: { code: 'notebook-invalid', ...worded(message) },
  };
}

import type { LogLine, TaskReport } from '@datacraft/shared';
import type { Queryable } from '../store/database.ts';
import type { Lease } from '../store/lease.ts';
import { appendLog } from '../store/run-logs.ts';
import type { RunDeps } from './context.ts';
import type { WriteBehind } from './write-behind.ts';

type Line = Omit<LogLine, 'id'>;
/** Longer messages are of databases that repeat what they were given. */
const LONGEST = 4_000;

/** What a run says while it works. Lines that come while one write is under way are written together. */
export class RunLog {
  readonly #deps: Pick<RunDeps, 'db' | 'now'>;
  readonly #lease: Lease;
  readonly #writes: WriteBehind;
  #unsaved: Line[] = [];

  constructor(lease: Lease, deps: Pick<RunDeps, 'db' | 'now'>, writes: WriteBehind) {
    this.#lease = lease;
    this.#deps = deps;
    this.#writes = writes;
  }

  say(cell: string | null, message: string, level: Line['level'] = 'info'): void {
    const isWaiting = this.#unsaved.length > 0;
    this.#unsaved.push(this.#line(cell, message, level));
    if (isWaiting) return;
    this.#writes.add(async () => {
      const lines = this.#unsaved;
      this.#unsaved = [];
      await appendLog(this.#deps.db, this.#lease, lines, 'soon');
    });
  }

  /** Within a transaction, so that the line is there if and only if what it tells has happened. */
  async sayIn(tx: Queryable, message: string): Promise<void> {
    await appendLog(tx, this.#lease, [this.#line(null, message, 'info')]);
  }

  /** How a task ended. */
  sayEnd(report: TaskReport): void {
    const { cell, error } = report;
    for (const check of report.checks ?? []) {
      const violations = check.violations === null || check.violations === 0 ? '' : `, ${check.violations} violations`;
      const level = check.status === 'passed' ? 'info' : check.status === 'failed' ? 'error' : 'warn';
      this.say(
        cell,
        `check ${check.rule}: ${check.status}${violations}${check.reason ? `, ${check.reason}` : ''}`,
        level,
      );
    }
    if (error) return this.say(cell, `${placeOf(error)}${error.message}`, 'error');
    if (report.state === 'succeeded') this.say(cell, `done in ${String(report.durationMs)} ms: ${sizeOf(report)}`);
    else this.say(cell, report.state === 'skipped' ? `skipped: ${report.reason ?? ''}` : report.state);
  }

  #line(cell: string | null, message: string, level: Line['level']): Line {
    return { at: this.#deps.now().toISOString(), level, cell, message: message.slice(0, LONGEST) };
  }
}

function placeOf({ cell, line, column }: NonNullable<TaskReport['error']>): string {
  if (line === undefined) return '';
  return `${cell === undefined ? '' : `${cell}, `}line ${line}, column ${column ?? 1}: `;
}

function sizeOf({ rowsWritten, rowsRejected, bytesWritten }: TaskReport): string {
  const parts = [
    rowsWritten === null ? '' : `${rowsWritten} rows`,
    bytesWritten === undefined ? '' : `${bytesWritten} bytes`,
    rowsRejected === undefined ? '' : `${rowsRejected} rows set aside`,
  ];
  return parts.filter((part) => part !== '').join(', ') || 'nothing to write';
}

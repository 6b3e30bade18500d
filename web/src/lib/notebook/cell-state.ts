/** One mark per cell out of everything that is known: the text's findings, the running run, the last run, freshness. */
import type { CellStatus, Diagnostic, Progress, Said, TaskError, TaskReport } from '@datacraft/shared';
import type { MarkState } from '#lib/ui/state.ts';

export interface CellState {
  mark: MarkState;
  /** Names of what changed (stale). */
  because: readonly string[];
  /** The failed cell it waits for (blocked). */
  waitsFor: string | null;
  /** What stopped it; a finding of the text comes before one of the last run. */
  error: {
    code: string;
    message: string;
    said?: Said | undefined;
    line: number | null;
    column: number | null;
    suggestion: string | null;
  } | null;
  task: TaskReport | null;
  progress: Progress | null;
}

export interface Known {
  status: CellStatus | null;
  /** The first of its text and its keys. */
  error: Diagnostic | null;
  task: TaskReport | null;
  /** The task is of a run that has not ended. */
  active: boolean;
  /** Of its task, or of the reading that comes before the tasks of the run are decided. */
  progress: Progress | null;
  /** A failed cell somewhere upstream. */
  brokenUpstream: string | null;
}

export function stateOfCell(known: Known): CellState {
  const { status, task, progress } = known;
  const base = { because: status?.staleBecause ?? [], waitsFor: null, error: null, task, progress };
  if (known.active && task && (task.state === 'running' || task.state === 'queued'))
    return { ...base, mark: task.state };
  if (known.active && task === null && progress !== null) return { ...base, mark: 'running' };
  if (known.error) return { ...base, mark: 'failed', error: errorOfDiagnostic(known.error) };
  const blocker = blockedBy(task) ?? (task?.state === 'failed' ? null : known.brokenUpstream);
  if (task?.state === 'failed' && blocker === null)
    return { ...base, mark: 'failed', error: task.error ? errorOfTask(task.error) : null };
  if (blocker) return { ...base, mark: 'blocked', waitsFor: blocker };
  if (status?.freshness === 'fresh') return { ...base, mark: 'fresh' };
  if (status?.freshness === 'stale') return { ...base, mark: 'stale' };
  return { ...base, mark: 'idle' };
}

function errorOfDiagnostic(found: Diagnostic): CellState['error'] {
  const inText = found.part === 'source';
  return {
    code: found.code,
    message: found.message,
    said: found.said,
    line: inText ? found.line : null,
    column: inText ? found.column : null,
    suggestion: found.suggestion ?? null,
  };
}

function errorOfTask(error: TaskError): CellState['error'] {
  const { code, message, said } = error;
  return { code, message, said, line: error.line ?? null, column: error.column ?? null, suggestion: null };
}

/** `blocked by X` is how a run says that it never tried. */
export function blockedBy(task: TaskReport | null): string | null {
  return /^blocked by (\S+)/.exec(task?.reason ?? '')?.[1] ?? null;
}

import type { TaskError } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';

/** A failure as a task shows it: the fault's sentence, or a plain word for what we did not foresee. */
export function errorOf(error: unknown, task?: string): TaskError {
  if (!isFault(error)) {
    return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
  }
  const { line, column, cell, hint } = error.facts;
  const message = hint === undefined ? error.message : `${error.message} (${hint})`;
  const isElsewhere = cell !== undefined && task !== undefined && cell !== task;
  return {
    code: error.code,
    message: isElsewhere ? `in ${cell}: ${message}` : message,
    ...(isElsewhere ? { cell } : {}),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

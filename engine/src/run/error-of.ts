import type { TaskError } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';

/** A failure as a task shows it: the fault's sentence, or a plain word for what we did not foresee. */
export function errorOf(error: unknown): TaskError {
  if (!isFault(error)) {
    return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
  }
  const { line, column } = error.facts;
  return {
    code: error.code,
    message: error.message,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

import type { TaskError } from '@datacraft/shared';
import { asSaid, isFault, say, worded } from '@datacraft/shared';

/** A failure as a task shows it: the fault's sentence, or a plain word for what we did not foresee. */
export function errorOf(error: unknown, task?: string): TaskError {
  if (!isFault(error)) {
    return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
  }
  const { line, column, cell, hint } = error.facts;
  const own = asSaid(error.words);
  const message = hint === undefined ? error.words : say('{message} ({hint})', { message: own, hint: asSaid(hint) });
  const isElsewhere = cell !== undefined && task !== undefined && cell !== task;
  return {
    code: error.code,
    ...worded(isElsewhere ? say('in {cell}: {message}', { cell, message: asSaid(message) }) : message),
    ...(isElsewhere ? { cell } : {}),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

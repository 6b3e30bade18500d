import { isFault } from '@datacraft/shared';

/** Why a rule has no answer: what the engine said of its SQL. */
export interface Refusal {
  readonly reason: string;
}
export const NOT_ASKED: Refusal = { reason: 'it was not asked' };

/** Anything but a query that the engine refused ends the task: cancelled, out of memory, timed out. */
export function refusalOf(error: unknown): Refusal {
  if (!isFault(error, 'query-failed')) throw error;
  return { reason: error.facts.hint === undefined ? error.message : `${error.message} (${error.facts.hint})` };
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'reason' in answer;
}

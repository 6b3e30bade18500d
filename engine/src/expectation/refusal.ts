import type { CheckReport, Said } from '@datacraft/shared';
import { asSaid, english, isFault, say } from '@datacraft/shared';

/** Why a rule has no answer: what the engine said of its SQL. */
export type Refusal = Required<Pick<CheckReport, 'reason' | 'said'>>;

/** A reason as a report has it. */
export function because(said: Said): Refusal {
  return { reason: english(said), said };
}

export const NOT_ASKED = because(say('it was not asked'));

/** Anything but a query that the engine refused ends the task: cancelled, out of memory, timed out. */
export function refusalOf(error: unknown): Refusal {
  if (!isFault(error, 'query-failed')) throw error;
  const { hint } = error.facts;
  const message = asSaid(error.words);
  return because(hint === undefined ? message : say('{message} ({hint})', { message, hint: asSaid(hint) }));
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'reason' in answer;
}

import type { PlannedWhy } from '@datacraft/shared';
import type { Stage } from './plan.ts';

/** What a cell meant when it was published, and what it means now; null when it is not known. */
export interface Meanings {
  readonly before: string | null;
  readonly now: string;
}

/** Why a stage runs, told apart by what of the cell's own meaning is another. */
export function whyOf({ action, reason }: Pick<Stage, 'action' | 'reason'>, meanings: Meanings): PlannedWhy | null {
  if (action === 'skip') return null;
  if (reason === 'never ran') return 'first';
  if (reason === 'source not identified') return 'source';
  if (reason !== 'changed' && reason !== 'upstream changed') return 'asked';
  const own = ownChange(meanings);
  if (own !== null) return own;
  return reason === 'upstream changed' ? 'upstream' : 'source';
}

/** A meaning is a list whose last part is that of the SQL; the others are settings (see compile). */
function ownChange({ before, now }: Meanings): 'text' | 'config' | null {
  if (before === null || before === now) return null;
  const [old, present] = [partsOf(before), partsOf(now)];
  if (old === null || present === null) return 'text';
  return JSON.stringify(old.at(-1)) === JSON.stringify(present.at(-1)) ? 'config' : 'text';
}

function partsOf(meaning: string): readonly unknown[] | null {
  try {
    const parts: unknown = JSON.parse(meaning);
    return Array.isArray(parts) ? parts : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

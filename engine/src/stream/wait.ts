import { faultKinds, isFault } from '@datacraft/shared';

const LONGEST_WAIT_MS = 15_000;
const ASK_SOURCE_WITHIN_MS = 2_000;

/** Whether trying again may help. A source that cannot be reached may come back; one that says `gone` does not. */
export function passes(error: unknown): boolean {
  if (!isFault(error)) return false;
  if (error.code === 'source-unreadable') return isAway(error);
  return faultKinds[error.code].retryable;
}

/** The source is not reachable: that it is back is seen by asking alone. */
export function isAway(error: unknown): boolean {
  return isFault(error, 'source-unreadable') && error.facts['gone'] !== true && error.facts['away'] === true;
}

/** Longer with each failure in a row; a source that is away is asked again soon, for people look at when it is back. */
export function waitMs(failures: number, forSource = false): number {
  return Math.min(forSource ? ASK_SOURCE_WITHIN_MS : LONGEST_WAIT_MS, 500 * 2 ** Math.min(failures, 10));
}

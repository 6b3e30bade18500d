import { faultKinds, isFault } from '@datacraft/shared';

const LONGEST_WAIT_MS = 15_000;

/** Whether trying again may help. A source that cannot be reached may come back; one that says `gone` does not. */
export function passes(error: unknown): boolean {
  if (!isFault(error)) return false;
  if (error.code === 'source-unreadable') return error.facts['gone'] !== true && error.facts['away'] === true;
  return faultKinds[error.code].retryable;
}

/** Longer with each failure in a row. */
export function waitMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(failures, 10));
}

import type { Progress } from '@datacraft/shared';
import type { ReadSoFar } from '../source/source.ts';

/** Each is an event for everybody in the notebook. */
export const TELL_EVERY_MS = 500;

/** Passes on at most one in half a second, none in the first, and always the last. */
export function tellingSeldom<Told>(tell: (told: Told) => void, now: () => number = Date.now) {
  let atMs = now();
  let waiting: { readonly told: Told } | null = null;
  const end = (): void => {
    if (waiting === null) return;
    const { told } = waiting;
    [atMs, waiting] = [now(), null];
    tell(told);
  };
  return {
    tell: (told: Told): void => {
      waiting = { told };
      if (now() - atMs >= TELL_EVERY_MS) end();
    },
    end,
  };
}

export function progressOf({ rows, bytes, totalRows, totalBytes, isEstimate = false }: ReadSoFar): Progress {
  const share = totalBytes ? bytes / totalBytes : rows !== null && totalRows ? rows / totalRows : null;
  return {
    rows,
    total: totalRows,
    percent: share === null ? null : Math.min(100, 100 * share),
    ...(isEstimate ? { isEstimate } : {}),
    bytes,
    ...(totalBytes === null ? {} : { totalBytes }),
  };
}

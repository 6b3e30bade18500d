import { formatClock, formatDateTime } from '#lib/i18n/format.ts';

const SAME_DAY_MS = 12 * 3_600_000;

/** `10:32`, with its day where that is not plain. */
export function sinceWords(at: string | undefined, now = Date.now()): string {
  if (at === undefined) return '';
  return now - Date.parse(at) < SAME_DAY_MS ? formatClock(at) : formatDateTime(at);
}

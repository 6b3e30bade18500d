import type { PlannedCell, RunPlan } from '@datacraft/shared';
import { formatBytes, formatDuration } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/index.svelte.ts';

/** What a person should know of one cell of a plan, part by part. */
export function factsOf({ action, why, columns, intervals, partial, merge }: PlannedCell): string[] {
  const words = m().plan;
  if (action === 'remove') return [words.removed];
  const listed = (names: readonly string[], say: (names: string) => string) =>
    names.length === 0 ? [] : [say(names.join(', '))];
  return [
    ...(why === null ? [] : [words.why[why]]),
    ...listed(columns?.removed ?? [], words.columnsRemoved),
    ...listed(columns?.retyped ?? [], words.columnsRetyped),
    ...listed(columns?.added ?? [], words.columnsAdded),
    ...(intervals === null || intervals === 0 ? [] : [words.intervals(intervals)]),
    ...(partial === null ? [] : [words.partial]),
    ...(merge?.insertOnly === true ? [words.insertsOnly] : []),
    ...(merge?.deletesUnmatched === true ? [words.deletesUnmatched] : []),
  ];
}

/** Sentences; none where nothing is known. */
export function costOf({ rows, bytes, durationMs }: RunPlan['cost']): string[] {
  const amount = [...(rows === null ? [] : [m().common.rows(rows)]), ...(bytes === null ? [] : [formatBytes(bytes)])];
  return [
    ...(amount.length === 0 ? [] : [m().plan.reads(amount.join(', '))]),
    ...(durationMs === null ? [] : [m().plan.lasted(formatDuration(durationMs))]),
  ];
}

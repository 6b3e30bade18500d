import type { ScheduleSpec } from '@datacraft/shared';
import { readCron } from './cron.ts';
import { zoneOf } from './zone.ts';

/** A due time that the clocks touch in the span asked for. Local times are written `2026-03-08T02:30:00`. */
export interface ClockNote {
  readonly kind: 'skipped' | 'doubled';
  readonly local: string;
  /** When it is due, as instants: two for a doubled time of a schedule that is due in every hour. */
  readonly dueAt: readonly string[];
}

const AT_MOST = 200;

/** The due times between two instants that clocks skip or double, at most 200 of them. `every` knows no clocks. */
export function clockNotes(spec: ScheduleSpec, fromMs: number, toMs: number): ClockNote[] {
  if (spec.cron === undefined) return [];
  const times = readCron(spec.cron);
  const zone = zoneOf(spec.timezone ?? 'UTC');
  const notes: ClockNote[] = [];
  for (const { atMs, before, after } of zone.changesBetween(fromMs, toMs)) {
    const [start, end] = [atMs + Math.min(before, after), atMs + Math.max(before, after)];
    for (let local = times.nextAfter(start - 1_000); local !== null && local < end; local = times.nextAfter(local)) {
      if (notes.length >= AT_MOST) return notes;
      const instants = zone.instantsOf(local);
      if (instants.kind === 'once') continue;
      const both = instants.kind === 'doubled' && times.isEveryHour;
      const due = both ? [instants.atMs, instants.againMs] : [instants.atMs];
      const dueAt = due.map((each) => new Date(each).toISOString());
      notes.push({ kind: instants.kind, local: new Date(local).toISOString().slice(0, 19), dueAt });
    }
  }
  return notes;
}

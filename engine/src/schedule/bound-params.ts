import type { Notebook, Params } from '@datacraft/shared';
import { zoneOf } from './zone.ts';

/** What a run stands for, as the inputs `logical_date`, `interval_start` and `interval_end` get it. */
export interface Standing {
  readonly logicalAt: Date;
  readonly interval: { readonly start: Date; readonly end: Date };
  readonly timezone: string;
}

/**
 * The parameters that a run binds by itself: those of the three names that the notebook has an input for. An input of
 * type `date` gets the day in the schedule's zone, one of type `text` the instant in ISO 8601; its default is for runs
 * that stand for nothing.
 */
export function boundParams(notebook: Notebook, { logicalAt, interval, timezone }: Standing): Params {
  const values: Readonly<Record<string, Date>> = {
    logical_date: logicalAt,
    interval_start: interval.start,
    interval_end: interval.end,
  };
  const bound: Record<string, string> = {};
  for (const cell of notebook.cells) {
    const value = cell.kind === 'input' ? values[cell.name] : undefined;
    if (value === undefined) continue;
    if (cell.config['type'] === 'date') bound[cell.name] = localDay(value, timezone);
    if (cell.config['type'] === 'text') bound[cell.name] = value.toISOString();
  }
  return bound;
}

function localDay(at: Date, timezone: string): string {
  return new Date(at.getTime() + zoneOf(timezone).offsetAt(at.getTime())).toISOString().slice(0, 10);
}

import type { Notebook, ScheduleSpec } from '@datacraft/shared';
import { asSaid, Fault, say, validateMeta } from '@datacraft/shared';
import type { Queryable } from '../store/database.ts';
import { putSchedule } from '../store/schedules.ts';
import { readCron } from './cron.ts';
import { nextDue } from './due.ts';
import { spanMs } from './span.ts';

/** The schedule of a notebook, or null. One that cannot be understood is a Fault `bad-request` that says why. */
export function readSchedule(notebook: Pick<Notebook, 'meta'>): ScheduleSpec | null {
  const { schedule } = notebook.meta;
  if (schedule === undefined || schedule === null) return null;
  const { spec, issues } = validateMeta({ schedule });
  const [issue] = issues;
  if (issue)
    throw new Fault(
      'bad-request',
      say('{path}: {message}', { path: issue.path.join('.'), message: asSaid(issue.message) }),
    );
  const read = spec?.schedule;
  if (read === undefined) return null;
  if (read.cron !== undefined) readCron(read.cron);
  if (read.every !== undefined) spanMs(read.every);
  if (read.timeout !== undefined) spanMs(read.timeout);
  return read;
}

/** Publishing a version makes its schedule the one that is acted upon, from now on; one without a schedule ends it. */
export async function adoptSchedule(
  tx: Queryable,
  published: {
    readonly notebookId: string;
    readonly version: number;
    readonly notebook: Notebook;
    readonly by: string | null;
    readonly now: Date;
  },
): Promise<void> {
  const { notebookId, version, by, now } = published;
  const spec = readSchedule(published.notebook);
  const next = spec === null ? null : nextDue(spec, now.getTime());
  await putSchedule(tx, { notebookId, version, spec, by, now, nextAt: next === null ? null : new Date(next) });
}

import { dueBetween, spanMs } from '@datacraft/engine';
import type { ScheduleSpec } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import { causeOf } from '../cause.ts';
import { ownerOf } from '../../engine.ts';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { World } from './world.ts';

interface Row {
  spec: ScheduleSpec;
  enabled: boolean;
  paused_because: string | null;
  enabled_at: Date;
  title: string;
}
/** Later than this many due times at once is one thing to tell, of the oldest ones. */
const MOST = 100;

/**
 * Due times of a schedule without a run that succeeded for them in time. Each is judged by itself, while its run is still
 * missing; a backfill of another interval does not stand for it.
 */
export async function seeDeadline({ config, createdAt }: Rule, world: World): Promise<Observation[]> {
  const { db } = world.engine.run;
  const notebookId = config.notebook ?? '';
  const { rows } = await db.query<Row>(
    `select s.spec, s.enabled, s.paused_because, s.enabled_at, n.title from schedules s
       join notebooks n on n.id = s.notebook_id and n.deleted_at is null where s.notebook_id = $1`,
    [notebookId],
  );
  const [found] = rows;
  if (!found || (!found.enabled && found.paused_because === null)) return [];
  const untilMs = world.now.getTime() - spanMs(config.within ?? '1 hour');
  const sinceMs = Math.max(
    untilMs - spanMs(config.lookback ?? '1 day'),
    createdAt.getTime(),
    found.enabled_at.getTime(),
  );
  const dues = dueBetween(found.spec, sinceMs, untilMs, MOST).map((ms) => new Date(ms));
  const made = await madeFor(db, notebookId, dues);
  const late = dues.filter((due) => !made.has(due.getTime()));
  const { cause, upstream } = causeOf(ownerOf(notebookId, found.title).key, await world.lineage());
  return late.map((due) => ({
    key: due.toISOString(),
    cause,
    title: say('{title} is late', { title: found.title }),
    summary: say('{title}: no run has succeeded for {due} within {within}', {
      title: found.title,
      due: due.toISOString(),
      within: config.within ?? '1 hour',
    }),
    facts: { notebookId, dueAt: due.toISOString(), ...(upstream === undefined ? {} : { upstream }) },
    link: `/pipelines/${notebookId}`,
  }));
}

/** By hand after a due time stands for it; of due times that were joined, the run of a later one. */
async function madeFor(
  db: World['engine']['run']['db'],
  notebookId: string,
  dues: readonly Date[],
): Promise<ReadonlySet<number>> {
  const { rows } = await db.query<{ due: Date }>(
    `select due from unnest($2::timestamptz[]) as due where exists (
       select 1 from runs r where r.notebook_id = $1 and r.state = 'succeeded' and r.trigger <> 'backfill' and r.environment is null
          and (r.logical_at = due or (r.logical_at is null and r.created_at >= due)
               or (r.logical_at > due and exists (select 1 from schedule_slots s
                   where s.notebook_id = $1 and s.due_at = due and s.decision = 'coalesced'))))`,
    [notebookId, dues],
  );
  return new Set(rows.map((row) => row.due.getTime()));
}

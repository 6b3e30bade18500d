import { spanMs } from '@datacraft/engine';
import { say } from '@datacraft/shared';
import { causeOf } from '../cause.ts';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { World } from './world.ts';

interface Row {
  owner_key: string;
  notebook_id: string | null;
  snapshot_id: string | null;
  published_at: Date;
  made_at: Date | null;
  covered_to: Date | null;
}

/**
 * A table that is older than it may be. Where it records its intervals, by the end of the latest one that is complete; else,
 * and within a partial one, by the last run that made it or found nothing new. A backfill of an old range makes neither
 * younger.
 */
export async function seeFreshness({ config }: Rule, world: World): Promise<Observation[]> {
  const table = config.table ?? '';
  const { rows } = await world.engine.run.db.query<Row>(
    `select owner_key, notebook_id, snapshot_id, published_at,
            made_at, (select max(case when is_partial then least(end_at, greatest(recorded_at, made_at)) else end_at end)
               from intervals i where i.layer = r.layer and i.name = r.name) as covered_to
       from relations r cross join (
            select max(t.finished_at) as made_at from tasks t join runs on runs.id = t.run_id
             where t.relation = $1 and t.state in ('succeeded', 'skipped') and runs.state = 'succeeded'
               and coalesce(t.report ->> 'reason', '') <> 'not selected' and runs.trigger <> 'backfill'
               and runs.owner_key not like 'notebook:brn\\_%' and runs.environment is null) made
      where layer || '.' || name = $1`,
    [table],
  );
  const [found] = rows;
  const since = found?.covered_to ?? found?.made_at ?? found?.published_at ?? null;
  const maxAge = config.max_age ?? '1 day';
  if (since !== null && world.now.getTime() - since.getTime() <= spanMs(maxAge)) return [];
  const owner = found?.owner_key ?? null;
  const { cause, upstream } =
    owner === null ? { cause: `late:${table}`, upstream: undefined } : causeOf(owner, await world.lineage());
  const summary =
    since === null
      ? say('{table} may be {maxAge} old, and it has never been published', { table, maxAge })
      : say('{table} may be {maxAge} old, and its rows are of {since}', { table, maxAge, since: since.toISOString() });
  return [
    {
      key: table,
      cause,
      title: say('{table} is old', { table }),
      summary,
      facts: {
        table,
        ...(found?.notebook_id == null ? {} : { notebookId: found.notebook_id }),
        ...(found?.snapshot_id == null ? {} : { lastGoodSnapshot: found.snapshot_id }),
        ...(upstream === undefined ? {} : { upstream }),
      },
      link: `/tables/${table.replace('.', '/')}`,
    },
  ];
}

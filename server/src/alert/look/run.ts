import type { Said, TaskError } from '@datacraft/shared';
import { asSaid, say } from '@datacraft/shared';
import { causeOf } from '../cause.ts';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { World } from './world.ts';

interface Row {
  id: string;
  notebook_id: string;
  owner_key: string;
  title: string;
  error: TaskError | null;
  cell: string | null;
}

/** Notebooks whose last finished run failed: whatever depends on the cell that failed is the same alert. */
export async function seeRuns({ config }: Rule, world: World): Promise<Observation[]> {
  const { rows } = await world.engine.run.db.query<Row>(
    `select last.id, last.notebook_id, last.owner_key, n.title, coalesce(t.report -> 'error', last.error) as error, t.cell from (
       select distinct on (notebook_id) id, notebook_id, owner_key, state, error from runs
        where state in ('succeeded', 'failed') and trigger <> 'backfill' and environment is null and ($1::text is null or notebook_id = $1)
        order by notebook_id, finished_at desc) last
       join notebooks n on n.id = last.notebook_id and n.deleted_at is null and n.branch_of is null
       left join lateral (select cell, report from tasks where run_id = last.id and state = 'failed'
          and coalesce(report ->> 'reason', '') not like 'blocked%' order by position limit 1) t on true
      where last.state = 'failed'`,
    [config.notebook ?? null],
  );
  const lineage = await world.lineage();
  return rows.map((row) => {
    const { cause, upstream } = causeOf(row.owner_key, lineage);
    return {
      key: row.notebook_id,
      cause,
      title: say('{title} failed', { title: row.title }),
      summary: failureOf(row),
      facts: { runId: row.id, notebookId: row.notebook_id, ...(upstream === undefined ? {} : { upstream }) },
      link: `/runs/${row.id}`,
    };
  });
}

function failureOf({ title, cell, error }: Row): Said {
  const reason = error === null ? say('its run says why') : (error.said ?? asSaid(error.message));
  return cell === null
    ? say('{title} failed: {reason}', { title, reason })
    : say('{title} failed at {cell}: {reason}', { title, cell, reason });
}

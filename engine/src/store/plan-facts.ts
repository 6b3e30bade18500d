import type { RunPlan } from '@datacraft/shared';
import type { Queryable } from './database.ts';

/** How long the newest task that succeeded took, by `layer.name`. */
export async function lastDurations(db: Queryable, relations: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ relation: string; ms: string }>(
    `select distinct on (relation) relation, report ->> 'durationMs' as ms from tasks
     where relation = any($1) and state = 'succeeded' and report ->> 'durationMs' is not null
     order by relation, finished_at desc`,
    [relations],
  );
  return new Map(rows.map(({ relation, ms }) => [relation, Number(ms)]));
}

/** Which of the notebooks show a dashboard behind a link, and which run on a schedule. */
export async function usersOf(
  db: Queryable,
  notebookIds: readonly string[],
): Promise<Pick<RunPlan, 'dashboards' | 'schedules'>> {
  const dashboards = await db.query<{ id: string; title: string }>(
    `select n.id, n.title from notebooks n where n.id = any($1) and n.deleted_at is null
       and exists (select 1 from dashboard_links l where l.notebook_id = n.id and l.revoked_at is null) order by n.title`,
    [notebookIds],
  );
  const schedules = await db.query<{ id: string; title: string; next_at: Date | null }>(
    `select n.id, n.title, s.next_at from schedules s join notebooks n on n.id = s.notebook_id
     where n.id = any($1) and n.deleted_at is null and s.enabled order by n.title`,
    [notebookIds],
  );
  return {
    dashboards: dashboards.rows.map(({ id, title }) => ({ notebookId: id, title })),
    schedules: schedules.rows.map(({ id, title, next_at }) => ({
      notebookId: id,
      title,
      nextAt: next_at?.toISOString() ?? null,
    })),
  };
}

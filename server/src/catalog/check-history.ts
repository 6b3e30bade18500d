import type { Queryable } from '@datacraft/engine';
import type { CheckHistory, CheckReport } from '@datacraft/shared';

const TREND = 30;

interface Judged extends Omit<CheckReport, 'outcome'> {
  readonly at: Date;
}

/**
 * The rules of a table as they were judged, the last of each with those before it; also where nothing was published.
 * `branch`: its own table, as judged there.
 */
export async function checkHistory(
  db: Queryable,
  layer: string,
  name: string,
  branch: string | null = null,
): Promise<CheckHistory[]> {
  const { rows: published } = await db.query<Judged>(
    `select rule, status, violations::float8 as violations, value, total::float8 as total, at
       from checks where layer = $1 and name = $2 order by id desc limit 1000`,
    [layer, name],
  );
  const { rows: refused } = await db.query<{ at: Date; checks: CheckReport[] }>(
    `select t.finished_at as at, t.report -> 'checks' as checks from tasks t join runs r on r.id = t.run_id
      where t.relation = $1 and t.finished_at is not null and t.report ->> 'state' = 'failed' and t.report ? 'checks'
        and case when $2::text is null then r.owner_key not like 'notebook:brn\\_%' and r.environment is null
                 else r.owner_key = 'notebook:' || $2 end
      order by t.finished_at desc limit 100`,
    [`${layer}.${name}`, branch],
  );
  const all = [...published, ...refused.flatMap(({ at, checks }) => checks.map((check) => ({ ...check, at })))];
  const newestFirst = all.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  return [...Map.groupBy(newestFirst, ({ rule }) => rule).values()].flatMap(historyOf);
}

function historyOf(found: readonly Judged[]): CheckHistory[] {
  const trend = found.slice(0, TREND).map(({ status, violations, value, total, at }) => ({
    status,
    violations,
    value: value ?? null,
    total: total ?? null,
    at: at.toISOString(),
  }));
  const [last, first] = [trend[0], found[0]];
  if (last === undefined || first === undefined) return [];
  return [
    { rule: first.rule, ...last, reason: first.reason ?? null, said: first.said ?? null, trend: trend.toReversed() },
  ];
}

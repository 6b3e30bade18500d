import type { CheckReport } from '@datacraft/shared';
import { causeOf } from '../cause.ts';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { World } from './world.ts';

interface Row {
  relation: string;
  run_id: string;
  notebook_id: string | null;
  owner_key: string;
  checks: CheckReport[];
  snapshot_id: string | null;
}

/** Expectations whose last answer was no pass, one alert a table. */
export async function seeChecks({ config }: Rule, world: World): Promise<Observation[]> {
  const { rows } = await world.engine.run.db.query<Row>(
    `select distinct on (t.relation) t.relation, t.run_id, runs.notebook_id, runs.owner_key, t.report -> 'checks' as checks,
            r.snapshot_id
       from tasks t join runs on runs.id = t.run_id left join notebooks n on n.id = runs.notebook_id
       left join relations r on r.layer || '.' || r.name = t.relation
      where t.report ? 'checks' and t.finished_at is not null and n.deleted_at is null and n.branch_of is null and runs.environment is null and ($1::text is null or t.relation = $1)
      order by t.relation, t.finished_at desc`,
    [config.table ?? null],
  );
  const lineage = await world.lineage();
  return rows.flatMap((row) => {
    const failing = row.checks.filter(
      ({ status }) => status !== 'passed' && (config.warnings === true || status !== 'warned'),
    );
    if (failing.length === 0) return [];
    const stops = failing.some(({ status }) => status !== 'warned');
    const { cause, upstream } = stops
      ? causeOf(row.owner_key, lineage)
      : { cause: `check:${row.relation}`, upstream: undefined };
    return [
      {
        key: row.relation,
        cause,
        title: `Checks of ${row.relation} fail`,
        summary: `${row.relation}: ${failing.map(said).join('; ')}`,
        facts: {
          table: row.relation,
          runId: row.run_id,
          ...(row.notebook_id === null ? {} : { notebookId: row.notebook_id }),
          ...(row.snapshot_id === null ? {} : { lastGoodSnapshot: row.snapshot_id }),
          ...(upstream === undefined ? {} : { upstream }),
        },
        link: `/runs/${row.run_id}`,
      },
    ];
  });
}

function said({ rule, status, violations }: CheckReport): string {
  return `${rule} ${status}${violations === null || violations === 0 ? '' : ` (${violations} rows)`}`;
}

import type { CheckReport, Said } from '@datacraft/shared';
import { say } from '@datacraft/shared';
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
        title: say('Checks of {table} fail', { table: row.relation }),
        summary: say('{table}: {failing}', { table: row.relation, failing: failing.map(verdict).reduce(both) }),
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

const statuses = {
  passed: say('passed'),
  warned: say('warned'),
  failed: say('failed'),
  'not-evaluated': say('not-evaluated'),
} satisfies Record<CheckReport['status'], Said>;

function verdict({ rule, status, violations }: CheckReport): Said {
  const values = { rule, status: statuses[status] };
  return violations === null || violations === 0
    ? say('{rule} {status}', values)
    : say('{rule} {status} ({violations} rows)', { ...values, violations });
}

function both(before: Said, next: Said): Said {
  return say('{before}; {next}', { before, next });
}

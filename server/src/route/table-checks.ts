import { createRoute, z } from '@hono/zod-openapi';
import type { CheckReport, RuleHistory } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';
import { tableOf, tableParam } from './table-door.ts';

const history = createRoute({
  method: 'get',
  path: '/tables/{layer}/{name}/checks',
  tags: ['Warehouse'],
  summary: 'What each expectation of a table said in its last runs, those that published nothing too; newest first',
  request: {
    params: tableParam,
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
  },
  responses: {
    200: jsonAnswer('By rule', z.array(z.custom<RuleHistory>().openapi('RuleHistory', { type: 'object' }))),
    ...problems,
  },
});

interface Row {
  run_id: string;
  at: Date;
  rows: number | null;
  checks: CheckReport[];
}

export function tableCheckRoutes(engine: ServerEngine) {
  return ({ pool }: Deps) =>
    newRoutes().openapi(history, async (c) => {
      const by = principalOf(c);
      const { layer, name } = c.req.valid('param');
      const { ref } = await tableOf(engine, by, layer, name);
      const { rows } = await pool.query<Row>(
        `select t.run_id, t.finished_at as at, (t.report ->> 'rowsWritten')::float8 as rows, t.report -> 'checks' as checks
           from tasks t where t.relation = $1 and t.finished_at is not null and t.report ? 'checks'
            and (not exists (select 1 from runs where runs.id = t.run_id and (runs.owner_key like 'notebook:brn\\_%' or runs.environment is not null))
              or t.run_id = (select run_id from relations where layer || '.' || name = $1))
          order by t.finished_at desc limit $2`,
        [relationName(ref), c.req.valid('query').limit],
      );
      return c.json(historyOf(rows), 200);
    });
}

function historyOf(rows: readonly Row[]): RuleHistory[] {
  const byRule = new Map<string, RuleHistory>();
  for (const { run_id: runId, at, rows: written, checks } of rows)
    for (const { rule, status, violations, outcome, ...more } of checks) {
      const known = byRule.get(rule) ?? { rule, outcome: outcome ?? 'fail', results: [] };
      byRule.set(rule, known);
      known.results.push({ runId, at: at.toISOString(), status, violations, rows: written, ...more });
    }
  return [...byRule.values()];
}

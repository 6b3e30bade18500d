import { createRoute, z } from '@hono/zod-openapi';
import { retentionOf, setRetention } from '@datacraft/engine';
import { relationName } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { demandTableEditor, tableOf, tableParam } from './table-door.ts';

const tags = ['Warehouse'];
const retention = z
  .strictObject({
    days: z.number().nullable().openapi({ description: 'Snapshots younger than this are kept' }),
    snapshots: z.number().int().nullable().openapi({ description: 'So many of the newest are kept' }),
  })
  .openapi('Retention');

const paths = {
  get: createRoute({
    method: 'get',
    path: '/tables/{layer}/{name}/retention',
    tags,
    summary: 'How much of a table’s past is kept; both null: all of it. What is tagged always is',
    request: { params: tableParam },
    responses: { 200: jsonAnswer('The rules', retention), ...problems },
  }),
  put: createRoute({
    method: 'put',
    path: '/tables/{layer}/{name}/retention',
    tags,
    summary: 'Say how much of a table’s past is kept; the next maintenance goes by it (editor)',
    request: { params: tableParam, body: jsonBody(retention) },
    responses: { 200: jsonAnswer('The rules', retention), ...problems },
  }),
};

export function tableRetentionRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.get, async (c) => {
        const by = principalOf(c);
        const { layer, name } = c.req.valid('param');
        return c.json(retentionOf((await tableOf(engine, by, layer, name)).metadata), 200);
      })
      .openapi(paths.put, async (c) => {
        const by = principalOf(c);
        const { layer, name } = c.req.valid('param');
        const { ref } = await tableOf(engine, by, layer, name);
        await demandTableEditor(engine, deps, by, relationName(ref));
        const asked = c.req.valid('json');
        const rules = await setRetention(ref, asked, engine.run);
        await audit(deps.pool, by.userId, 'table-retention', relationName(ref), {
          days: asked.days ?? 'all',
          snapshots: asked.snapshots ?? 'all',
        });
        return c.json(rules, 200);
      });
}

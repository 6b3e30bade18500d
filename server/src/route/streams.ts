import { createRoute, z } from '@hono/zod-openapi';
import { databaseOf } from '@datacraft/engine';
import { within } from '../auth/permission.ts';
import { demandRole } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { pushEvents } from '../stream/push.ts';
import { sourceOf } from '../stream/source-of.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';

const answer = z
  .object({
    accepted: z.number(),
    duplicates: z.number(),
    rejected: z.number(),
    errors: z.array(z.object({ event: z.number(), reason: z.string() })),
  })
  .openapi('PushAnswer');

const path = createRoute({
  method: 'post',
  path: '/streams/{source}/events',
  tags: ['Streams'],
  summary: 'Push events to a webhook source: one JSON object, a list, or one a line (runner)',
  request: {
    params: z.object({ source: z.string().max(200) }),
    body: {
      content: {
        'application/json': { schema: { oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }] } },
        'application/x-ndjson': { schema: { type: 'string' } },
      },
    },
  },
  responses: { 202: jsonAnswer('Stored', answer), ...problems },
});

export function streamRoutes(deps: Deps) {
  const routes = newRoutes();
  const db = databaseOf(deps.pool);
  routes.openAPIRegistry.registerPath(path);
  routes.post('/streams/:source/events', async (c) => {
    const by = principalOf(c);
    const source = await sourceOf(c.req.param('source'), by.userId, deps);
    demandRole(await within(deps.pool, by, source.notebookId), 'runner');
    return c.json(await pushEvents(db, source, await c.req.text(), by.userId), 202);
  });
  return routes;
}

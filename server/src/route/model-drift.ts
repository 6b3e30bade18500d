import { createRoute, z } from '@hono/zod-openapi';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName } from '../middleware/notebook-gate.ts';
import { driftNow } from '../model/drift-now.ts';
import type { Scorers } from '../model/scorers.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';
import { modelQuery, nameParam } from './models.ts';

const anything = z.record(z.string(), z.unknown());
const MOST = 100_000;

const path = createRoute({
  method: 'get',
  path: '/models/{name}/drift',
  tags: ['Models'],
  summary: 'How the latest predictions lie beside the rows that the model learned from: PSI, KS and chi²',
  request: {
    params: nameParam,
    query: modelQuery.extend({ last: z.coerce.number().int().min(1).max(MOST).default(10_000) }),
  },
  responses: { 200: jsonAnswer('The drift', anything), ...problems },
});

export function modelDriftRoutes(engine: ServerEngine, scorers: Scorers) {
  return (_deps: Deps) =>
    newRoutes().openapi(path, async (c) => {
      principalOf(c);
      const name = modelName(c.req.valid('param').name);
      const { version = 'champion', last } = c.req.valid('query');
      return c.json(
        (await driftNow(engine.run.db, scorers, name, version, last)) as unknown as Record<string, unknown>,
        200,
      );
    });
}

import { createRoute, z } from '@hono/zod-openapi';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName } from '../middleware/notebook-gate.ts';
import { askedOnMain } from '../model/asked-on-main.ts';
import { driftNow } from '../model/drift-now.ts';
import { latestPredictions } from '../model/latest-predictions.ts';
import { modelInBranch } from '../model/registry.ts';
import type { Scorers } from '../model/scorers.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';
import { modelQuery, nameParam } from './models.ts';
import { branchSchema } from './params.ts';

const anything = z.record(z.string(), z.unknown());
const MOST = 100_000;

const path = createRoute({
  method: 'get',
  path: '/models/{name}/drift',
  tags: ['Models'],
  summary:
    'How the latest predictions lie beside the rows that the model learned from: PSI, KS and chi². In a branch: what main was asked last, beside the rows that the branch’s model learned from',
  request: {
    params: nameParam,
    query: modelQuery.extend({ branch: branchSchema, last: z.coerce.number().int().min(1).max(MOST).default(10_000) }),
  },
  responses: { 200: jsonAnswer('The drift', anything), ...problems },
});

export function modelDriftRoutes(engine: ServerEngine, scorers: Scorers) {
  return ({ pool }: Deps) =>
    newRoutes().openapi(path, async (c) => {
      const by = principalOf(c);
      const name = modelName(c.req.valid('param').name);
      const { version = 'champion', last, branch } = c.req.valid('query');
      const { db } = engine.run;
      const told =
        branch === undefined
          ? await driftNow({ db, scorers }, name, version, (of) => latestPredictions(db, name, of.version, last))
          : await driftNow(await modelInBranch(engine, pool, by, { branch, name }), name, version, (of) =>
              askedOnMain({ pool, db, by, name }, last, of),
            );
      return c.json(told as unknown as Record<string, unknown>, 200);
    });
}

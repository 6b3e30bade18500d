import { createRoute, z } from '@hono/zod-openapi';
import { isDeepStrictEqual } from 'node:util';
import { decisions, Fault, say } from '@datacraft/shared';
import type { ServerEngine } from '../engine.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName } from '../middleware/notebook-gate.ts';
import type { Scorers } from '../model/scorers.ts';
import { listPredictions, loadPrediction } from '../model/stored-predictions.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';
import { nameParam } from './models.ts';

const tags = ['Models'];
const anything = z.record(z.string(), z.unknown());

const paths = {
  list: createRoute({
    method: 'get',
    path: '/models/{name}/predictions',
    tags,
    summary: 'What the model was asked lately and what it said, the latest first (editor)',
    request: {
      params: nameParam,
      query: z.object({
        version: z.coerce.number().int().min(1).optional(),
        decision: z.enum(decisions).optional(),
        last: z.coerce.number().int().min(1).max(1000).default(50),
      }),
    },
    responses: { 200: jsonAnswer('Predictions', z.array(anything)), ...problems },
  }),
  again: createRoute({
    method: 'get',
    path: '/models/{name}/predictions/{id}',
    tags,
    summary: 'One prediction, computed again by the version that made it (editor)',
    request: { params: nameParam.extend({ id: z.string().max(100) }) },
    responses: { 200: jsonAnswer('The prediction and what comes out now', anything), ...problems },
  }),
};

export function modelPredictionRoutes({ run: { db } }: ServerEngine, scorers: Scorers) {
  return (_deps: Deps) =>
    newRoutes()
      .openapi(paths.list, async (c) => {
        principalOf(c, 'editor');
        const name = modelName(c.req.valid('param').name);
        const { version = null, decision = null, last } = c.req.valid('query');
        await scorers.open(name, 'champion');
        const found = await listPredictions(db, name, { version, decision, last });
        return c.json(found as unknown as Record<string, unknown>[], 200);
      })
      .openapi(paths.again, async (c) => {
        principalOf(c, 'editor');
        const { name: asked, id } = c.req.valid('param');
        const name = modelName(asked);
        const stored = await loadPrediction(db, name, id);
        if (stored === null)
          throw new Fault(
            'not-found',
            say('{name} has no prediction {id}: it was never made, or is no longer kept', { name, id }),
          );
        const { scorer } = await scorers.open(name, String(stored.version));
        const [again = {}] = scorer.predict([stored.input]);
        const { id: _, ...before } = stored.answer;
        return c.json({ ...stored, again, same: isDeepStrictEqual(before, again) }, 200);
      });
}

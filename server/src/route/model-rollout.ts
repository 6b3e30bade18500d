import { createRoute, z } from '@hono/zod-openapi';
import { rolloutModes } from '@datacraft/shared';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName } from '../middleware/notebook-gate.ts';
import { infoOf } from '../model/info.ts';
import { stopRollout, rollOut } from '../model/roll-out.ts';
import type { Scorers } from '../model/scorers.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { nameParam } from './models.ts';

const tags = ['Models'];
const anything = z.record(z.string(), z.unknown());
const wanted = z.strictObject({
  version: z.int().min(1),
  mode: z.enum(rolloutModes),
  /** Of what is asked: the canary answers it, the shadow scores it too. */
  percent: z.int().min(1).max(100),
});

const paths = {
  set: createRoute({
    method: 'put',
    path: '/models/{name}/rollout',
    tags,
    summary: 'Let a version answer a part (canary), or score unheard (shadow), beside the champion (editor)',
    request: { params: nameParam, body: jsonBody(wanted) },
    responses: { 200: jsonAnswer('The model', anything), ...problems },
  }),
  end: createRoute({
    method: 'delete',
    path: '/models/{name}/rollout',
    tags,
    summary: 'End what runs beside the champion (editor)',
    request: { params: nameParam },
    responses: { 200: jsonAnswer('The model', anything), ...problems },
  }),
};

export function modelRolloutRoutes({ run: { db } }: ServerEngine, scorers: Scorers) {
  const tell = async (name: string) =>
    (await infoOf(db, scorers, name, 'champion')) as unknown as Record<string, unknown>;
  return () =>
    newRoutes()
      .openapi(paths.set, async (c) => {
        const by = principalOf(c, 'editor');
        const name = modelName(c.req.valid('param').name);
        const rollout = c.req.valid('json');
        await rollOut({ db, scorers }, name, rollout, by.userId);
        return c.json(await tell(name), 200);
      })
      .openapi(paths.end, async (c) => {
        const by = principalOf(c, 'editor');
        const name = modelName(c.req.valid('param').name);
        await stopRollout(db, name, by.userId);
        return c.json(await tell(name), 200);
      });
}

import { createRoute, z } from '@hono/zod-openapi';
import { listChampions, promoteModel } from '@datacraft/engine';
import type { ModelListing } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import { permission } from '../auth/permission.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName } from '../middleware/notebook-gate.ts';
import { infoOf, listingOf } from '../model/info.ts';
import type { Scorers } from '../model/scorers.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

const tags = ['Models'];
export const nameParam = z.object({ name: z.string().max(200) });
export const modelQuery = z.object({
  /** A number, `champion` (default) or `challenger`. */
  version: z
    .string()
    .regex(/^(\d{1,9}|champion|challenger)$/, 'expected a number, champion or challenger')
    .optional(),
});
const anything = z.record(z.string(), z.unknown());

const paths = {
  list: createRoute({
    method: 'get',
    path: '/models',
    tags,
    summary: 'Models, each by the version that answers',
    responses: { 200: jsonAnswer('Models', z.array(anything)), ...problems },
  }),
  info: createRoute({
    method: 'get',
    path: '/models/{name}',
    tags,
    summary: 'A model: what it predicts, what it wants to know, how well it does, and its versions',
    request: { params: nameParam, query: modelQuery },
    responses: { 200: jsonAnswer('The model', anything), ...problems },
  }),
  promote: createRoute({
    method: 'post',
    path: '/models/{name}/promote',
    tags,
    summary: 'Make a version the champion; the one before becomes the challenger (editor)',
    request: { params: nameParam, body: jsonBody(z.strictObject({ version: z.int().min(1) })) },
    responses: { 200: jsonAnswer('The model', anything), ...problems },
  }),
};

export function modelRoutes({ run: { db } }: ServerEngine, scorers: Scorers) {
  const tell = async (name: string, version: string) =>
    (await infoOf(db, scorers, name, version)) as unknown as Record<string, unknown>;
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.list, async (c) => {
        const principal = principalOf(c);
        const found: ModelListing[] = [];
        for (const model of await listChampions(db)) {
          const role =
            model.notebookId === null ? principal.role : await permission(deps.pool, principal, model.notebookId);
          if (role !== null) found.push(listingOf(model));
        }
        return c.json(found as unknown as Record<string, unknown>[], 200);
      })
      .openapi(paths.info, async (c) => {
        principalOf(c);
        const { version = 'champion' } = c.req.valid('query');
        return c.json(await tell(modelName(c.req.valid('param').name), version), 200);
      })
      .openapi(paths.promote, async (c) => {
        const by = principalOf(c, 'editor');
        const name = modelName(c.req.valid('param').name);
        const { version } = c.req.valid('json');
        await scorers.open(name, String(version));
        if (!(await promoteModel(db, name, version, by.userId)))
          throw new Fault('not-found', say('the model {name} has no version {version}', { name, version }));
        await audit(deps.pool, by.userId, 'model-promote', name, { version });
        return c.json(await tell(name, 'champion'), 200);
      });
}

import { createRoute, z } from '@hono/zod-openapi';
import { listChampions, promoteModel } from '@datacraft/engine';
import type { ModelListing } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { permission } from '../auth/permission.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName } from '../middleware/notebook-gate.ts';
import { infoOf, listingOf } from '../model/info.ts';
import { branchRegistry, modelInBranch } from '../model/registry.ts';
import type { Scorers } from '../model/scorers.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { branchSchema } from './params.ts';

const tags = ['Models'];
export const nameParam = z.object({ name: z.string().max(200) });
export const modelQuery = z.object({
  /** A number, `champion` (default) or `challenger`. */
  version: z
    .string()
    .regex(/^(\d{1,9}|champion|challenger)$/, 'expected a number, champion or challenger')
    .optional(),
});
export const branchQuery = z.object({ branch: branchSchema });
const anything = z.record(z.string(), z.unknown());

const paths = {
  list: createRoute({
    method: 'get',
    path: '/models',
    tags,
    summary: 'Models, each by the version that answers',
    request: { query: branchQuery },
    responses: { 200: jsonAnswer('Models', z.array(anything)), ...problems },
  }),
  info: createRoute({
    method: 'get',
    path: '/models/{name}',
    tags,
    summary: 'A model: what it predicts, what it wants to know, how well it does, and its versions',
    request: { params: nameParam, query: modelQuery.extend(branchQuery.shape) },
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

export function modelRoutes(engine: ServerEngine, scorers: Scorers) {
  const { db } = engine.run;
  const tell = async (name: string, version: string, from = { db, scorers }) =>
    (await infoOf(from.db, from.scorers, name, version)) as unknown as Record<string, unknown>;
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.list, async (c) => {
        const principal = principalOf(c);
        const { branch } = c.req.valid('query');
        const from = branch === undefined ? { db } : await branchRegistry(engine, deps.pool, principal, branch);
        const found: ModelListing[] = [];
        for (const model of await listChampions(from.db)) {
          const role =
            model.notebookId === null ? principal.role : await permission(deps.pool, principal, model.notebookId);
          if (role !== null) found.push(listingOf(model));
        }
        return c.json(found as unknown as Record<string, unknown>[], 200);
      })
      .openapi(paths.info, async (c) => {
        const by = principalOf(c);
        const { version = 'champion', branch } = c.req.valid('query');
        const name = modelName(c.req.valid('param').name);
        const from = branch === undefined ? undefined : await modelInBranch(engine, deps.pool, by, { branch, name });
        const told = await tell(name, version, from);
        return c.json(from === undefined ? told : { ...told, rollout: null, rollouts: [] }, 200);
      })
      .openapi(paths.promote, async (c) => {
        const by = principalOf(c, 'editor');
        const name = modelName(c.req.valid('param').name);
        const { version } = c.req.valid('json');
        await scorers.open(name, String(version));
        if (!(await promoteModel(db, name, version, by.userId)))
          throw new Fault('not-found', say('the model {name} has no version {version}', { name, version }));
        return c.json(await tell(name, 'champion'), 200);
      });
}

import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '@datacraft/engine';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName, shortName } from '../middleware/notebook-gate.ts';
import { infoOf } from '../model/info.ts';
import { modelInBranch } from '../model/registry.ts';
import type { ScoringDeps } from '../model/scoring.ts';
import { explain, predict } from '../model/scoring.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { branchQuery, modelQuery, nameParam } from './models.ts';

const tags = ['Models'];
const anything = z.record(z.string(), z.unknown());
const shortParam = z.object({ model: z.string().max(200) });

const paths = {
  predict: createRoute({
    method: 'post',
    path: '/models/{name}/predict',
    tags,
    summary: 'Score rows: { rows: [{…}] }, { row: {…} }, or one row itself. What a branch answers is not logged',
    request: { params: nameParam, query: modelQuery.extend(branchQuery.shape), body: jsonBody(anything) },
    responses: { 200: jsonAnswer('Predictions', anything), ...problems },
  }),
  explain: createRoute({
    method: 'post',
    path: '/models/{name}/explain',
    tags,
    summary: 'What each feature adds to the answer for one row: exact Shapley values of trees',
    request: { params: nameParam, query: modelQuery.extend(branchQuery.shape), body: jsonBody(anything) },
    responses: { 200: jsonAnswer('The answer and why', anything), ...problems },
  }),
  ask: createRoute({
    method: 'post',
    path: '/{model}',
    tags,
    summary: 'Score rows by the short path of a model, hyphens for underscores: as POST /api/v1/models/{name}/predict',
    request: { params: shortParam, query: modelQuery, body: jsonBody(anything) },
    responses: { 200: jsonAnswer('Predictions', anything), ...problems },
  }),
  tell: createRoute({
    method: 'get',
    path: '/{model}',
    tags,
    summary: 'A model by its short path: as GET /api/v1/models/{name}',
    request: { params: shortParam, query: modelQuery },
    responses: { 200: jsonAnswer('The model', anything), ...problems },
  }),
};

export function scoringRoutes(engine: ServerEngine, scoring: ScoringDeps) {
  return ({ pool }: Deps) =>
    newRoutes()
      .openapi(paths.predict, async (c) => {
        const by = principalOf(c);
        const name = modelName(c.req.valid('param').name);
        const { version = null, branch } = c.req.valid('query');
        const question = { name, version, body: c.req.valid('json'), by };
        if (branch === undefined) return c.json(await predict(scoring, question), 200);
        const registry = await modelInBranch(engine, pool, by, { branch, name });
        return c.json(
          await predict({ ...scoring, ...registry, log: null }, { ...question, version: version ?? 'champion' }),
          200,
        );
      })
      .openapi(paths.explain, async (c) => {
        const by = principalOf(c);
        const name = modelName(c.req.valid('param').name);
        const { version = null, branch } = c.req.valid('query');
        const question = { name, version, body: c.req.valid('json'), by };
        if (branch === undefined) return c.json(await explain(scoring, question), 200);
        const registry = await modelInBranch(engine, pool, by, { branch, name });
        return c.json(await explain({ ...scoring, ...registry }, { ...question, version: version ?? 'champion' }), 200);
      });
}

/** Below `/v1`: models by a path of their own, for callers that know nothing else. */
export function shortRoutes(db: Database, scoring: ScoringDeps) {
  return (_deps: Deps) =>
    newRoutes()
      .openapi(paths.ask, async (c) => {
        const by = principalOf(c);
        const name = shortName(c.req.valid('param').model);
        const { version = null } = c.req.valid('query');
        return c.json(await predict(scoring, { name, version, body: c.req.valid('json'), by }), 200);
      })
      .openapi(paths.tell, async (c) => {
        principalOf(c);
        const { version = 'champion' } = c.req.valid('query');
        const info = await infoOf(db, scoring.scorers, shortName(c.req.valid('param').model), version);
        return c.json(info as unknown as Record<string, unknown>, 200);
      });
}

/** What a run of a notebook would do, decided and told before anything happens. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Owner, RunDeps, RunInput } from '@datacraft/engine';
import { isEnvironment, outlineOf, prepareRun, releaseSources } from '@datacraft/engine';
import type { Notebook, RunPlan, RunRequest } from '@datacraft/shared';
import { readableBy, readableIn } from '../auth/table-access.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import { planningInEnvironment } from '../environment/inside.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { bodyOf, refuseImpossible, requestSchema } from './run-request.ts';

const planSchema = z.custom<RunPlan>().openapi('RunPlan', { type: 'object' });

const path = createRoute({
  method: 'post',
  path: '/notebooks/{id}/plan',
  tags: ['Runs'],
  summary: 'What a run would do, why, at about what cost, and whose columns it would break (runner)',
  request: { params: idParam, body: { ...jsonBody(requestSchema.omit({ planId: true })), required: false } },
  responses: { 200: jsonAnswer('The plan; a run with its planId does exactly this', planSchema), ...problems },
});

export function planRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes().openapi(path, async (c) => {
      const by = principalOf(c, 'runner');
      const { id } = c.req.valid('param');
      const notebook = await deps.rooms.notebook(id);
      const request = bodyOf(c.req.valid('json'));
      await refuseImpossible(notebook, request, engine);
      const input = await inputOf(id, notebook, request, { engine, deps });
      const inside = await worldOf(input.owner, request, engine);
      const prepared = await prepareRun(input, inside);
      try {
        return c.json(await outlineOf(prepared, inside, await readableBy(deps.pool, by)), 200);
      } finally {
        await releaseSources(prepared.known);
      }
    });
}

interface World {
  readonly engine: ServerEngine;
  readonly deps: Deps;
}

/** An environment that no run has made yet is like production. */
async function worldOf(owner: Owner, { env }: RunRequest, { run, inside }: ServerEngine): Promise<RunDeps> {
  const there = env !== undefined && (await isEnvironment(run.db, env));
  return planningInEnvironment(there ? env : undefined, owner, inside(owner.notebookId));
}

async function inputOf(id: string, notebook: Notebook, request: RunRequest, world: World): Promise<RunInput> {
  const { engine, deps } = world;
  const owner = ownerOf(id, notebook.title);
  const { params = {}, fullRefresh = false, select, planId, replay, replayWhere } = request;
  return {
    compiled: await engine.compile(notebook),
    notebook,
    owner,
    options: {
      params,
      fullRefresh,
      ...(select ? { select } : {}),
      ...(replay ? { replay } : {}),
      ...(replayWhere === undefined ? {} : { replayWhere }),
      ...(planId === undefined ? {} : { planId }),
    },
    resolve: engine.resolveFor(owner),
    mayRead: await readableIn(deps.pool, id),
  };
}

/** A plan that the world has left behind is refused before a run is recorded; the run itself looks once more. */
export async function refuseMoved(id: string, notebook: Notebook, request: RunRequest, world: World): Promise<void> {
  if (request.planId === undefined) return;
  const input = await inputOf(id, notebook, request, world);
  const prepared = await prepareRun(input, await worldOf(input.owner, request, world.engine));
  await releaseSources(prepared.known);
}

import { createRoute, z } from '@hono/zod-openapi';
import { loadRun, openEnvironment, requestCancel, submitRun } from '@datacraft/engine';
import type { RunReport } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import { refuseEnvironmentOfBranch } from '../environment/inside.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { listRuns } from '../store/run-list.ts';
import { enqueueRun } from '../worker/queue.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { refuseMoved } from './plan.ts';
import { bodyOf, refuseImpossible, requestSchema } from './run-request.ts';

const tags = ['Runs'];
/** The shape is `RunReport` of the shared protocol; it is kept in one place, there. */
const reportSchema = z.custom<RunReport>().openapi('Run', { type: 'object' });
const summarySchema = z
  .custom<Awaited<ReturnType<typeof listRuns>>[number]>()
  .openapi('RunSummary', { type: 'object' });
const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) });

const paths = {
  start: createRoute({
    method: 'post',
    path: '/notebooks/{id}/runs',
    tags,
    summary: 'Run a notebook, or some of its cells (runner)',
    request: { params: idParam, body: { ...jsonBody(requestSchema), required: false } },
    responses: { 202: jsonAnswer('Queued', z.object({ runId: z.string() })), ...problems },
  }),
  ofNotebook: createRoute({
    method: 'get',
    path: '/notebooks/{id}/runs',
    tags,
    summary: 'Runs of a notebook, newest first',
    request: { params: idParam, query: listQuery },
    responses: { 200: jsonAnswer('Runs', z.array(summarySchema)), ...problems },
  }),
  all: createRoute({
    method: 'get',
    path: '/runs',
    tags,
    summary: 'Runs of the workspace, newest first',
    request: { query: listQuery },
    responses: { 200: jsonAnswer('Runs', z.array(summarySchema)), ...problems },
  }),
  one: createRoute({
    method: 'get',
    path: '/runs/{id}',
    tags,
    summary: 'A run with its tasks',
    request: { params: idParam },
    responses: { 200: jsonAnswer('The run', reportSchema), ...problems },
  }),
  cancel: createRoute({
    method: 'post',
    path: '/runs/{id}/cancel',
    tags,
    summary: 'Cancel a run (runner)',
    request: { params: idParam },
    responses: { 202: jsonAnswer('The run as it is now', reportSchema), ...problems },
  }),
};

export function runRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.start, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        const notebook = await deps.rooms.notebook(id);
        const runId = newId<string>('run');
        const request = bodyOf(c.req.valid('json'));
        if (request.env !== undefined) refuseEnvironmentOfBranch(id);
        await refuseImpossible(notebook, request, engine);
        await refuseMoved(id, notebook, request, { engine, deps });
        if (request.env !== undefined) await openEnvironment(engine.run.db, request.env, by.userId);
        const submission = {
          runId,
          owner: ownerOf(id, notebook.title),
          notebook,
          request,
          createdBy: by.userId,
        };
        const trigger = by.via === 'token' ? 'api' : 'manual';
        await engine.run.db.transaction(async (tx) => {
          await submitRun({ ...submission, trigger }, tx);
          await enqueueRun(tx, runId);
        });
        await audit(deps.pool, by.userId, 'run-start', runId, {
          notebook: id,
          ...(request.env === undefined ? {} : { environment: request.env }),
        });
        const report = await found(engine, runId);
        await deps.live.publish(id, { type: 'run', run: report });
        return c.json({ runId }, 202);
      })
      .openapi(paths.ofNotebook, async (c) => {
        principalOf(c);
        return c.json(
          await listRuns(deps.pool, c.req.valid('query').limit, { notebookId: c.req.valid('param').id }),
          200,
        );
      })
      .openapi(paths.all, async (c) => {
        const { userId } = principalOf(c);
        return c.json(await listRuns(deps.pool, c.req.valid('query').limit, { userId }), 200);
      })
      .openapi(paths.one, async (c) => {
        principalOf(c);
        return c.json(await found(engine, c.req.valid('param').id), 200);
      })
      .openapi(paths.cancel, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        await found(engine, id);
        await requestCancel(engine.run.db, id);
        await audit(deps.pool, by.userId, 'run-cancel', id);
        return c.json(await found(engine, id), 202);
      });
}

/** Also for the routes of a run's page. */
export async function found(engine: ServerEngine, runId: string): Promise<RunReport> {
  const run = await loadRun(engine.run.db, runId);
  if (!run) throw new Fault('not-found', say('there is no run {id}', { id: runId }));
  return run;
}

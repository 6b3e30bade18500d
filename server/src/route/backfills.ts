/** Backfills: plan one, start it, and hold it. */
import { createRoute, z } from '@hono/zod-openapi';
import { checkRequest } from '@datacraft/engine';
import type { BackfillPlan, BackfillRequest, BackfillSummary } from '@datacraft/shared';
import { backfillOrders, Fault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { moveBackfills, planBackfill, turn } from '../pipeline/backfills.ts';
import { insertBackfill, listBackfills } from '../store/backfills.ts';
import { latestPublication, publicationOfVersion } from '../store/dashboards.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

const tags = ['Pipelines'];
const requestSchema = z.strictObject({
  from: z.string().max(40),
  to: z.string().max(40),
  every: z.string().max(40).optional(),
  select: z.array(z.string().max(200)).max(500).optional(),
  reprocess: z.enum(['missing', 'failed', 'all']).optional(),
  order: z.enum(backfillOrders).optional(),
  version: z.number().int().min(1).optional(),
  maxParallel: z.number().int().min(1).max(8).optional(),
  dryRun: z.boolean().optional(),
});
const summarySchema = z.custom<BackfillSummary>().openapi('BackfillSummary', { type: 'object' });
const planSchema = z.custom<BackfillPlan & { id: string | null }>().openapi('BackfillPlan', { type: 'object' });

const paths = {
  all: createRoute({
    method: 'get',
    path: '/backfills',
    tags,
    summary: 'Backfills of the workspace, newest first',
    responses: { 200: jsonAnswer('Backfills', z.array(summarySchema)), ...problems },
  }),
  start: createRoute({
    method: 'post',
    path: '/notebooks/{id}/backfills',
    tags,
    summary: 'Run the published version over a range, window by window; `dryRun` only plans (runner)',
    request: { params: idParam, body: jsonBody(requestSchema) },
    responses: { 200: jsonAnswer('What it does; `id` is null for a dry run', planSchema), ...problems },
  }),
  turn: createRoute({
    method: 'post',
    path: '/backfills/{id}/{action}',
    tags,
    summary: 'Pause, resume or cancel (runner)',
    request: { params: idParam.extend({ action: z.enum(['pause', 'resume', 'cancel']) }) },
    responses: { 200: jsonAnswer('The backfill as it is now', summarySchema), ...problems },
  }),
};

export function backfillRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ pool, rooms }: Deps) =>
    newRoutes()
      .openapi(paths.all, async (c) => {
        const { userId } = principalOf(c);
        return c.json(await listBackfills(db, { userId }), 200);
      })
      .openapi(paths.start, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        const { dryRun = false, ...request } = c.req.valid('json');
        await rooms.notebook(id);
        const asked = request as BackfillRequest;
        const version =
          asked.version === undefined
            ? await latestPublication(db, id)
            : await publicationOfVersion(db, id, asked.version);
        if (version === null)
          throw new Fault('conflict', 'there is no such published version; publish the notebook first');
        const { document } = version;
        const { graph } = await engine.compile(document);
        checkRequest(graph, { params: {}, ...(asked.select ? { select: asked.select } : {}) }, today(engine));
        const plan = await planBackfill(db, asked, {
          ownerKey: ownerOf(id, document.title).key,
          notebook: document,
          graph,
          now: engine.run.now(),
        });
        if (dryRun || plan.windows.length === 0) return c.json({ ...plan, id: null }, 200);
        const windows = plan.windows.map(({ start, end }) => ({ start: new Date(start), end: new Date(end) }));
        const backfillId = await db.transaction((tx) =>
          insertBackfill(tx, {
            notebookId: id,
            version: version.version,
            request: asked,
            document,
            maxParallel: asked.maxParallel ?? 1,
            windows,
            by: by.userId,
          }),
        );
        await audit(pool, by.userId, 'backfill-start', id, { windows: windows.length });
        await moveBackfills(db);
        return c.json({ ...plan, id: backfillId }, 200);
      })
      .openapi(paths.turn, async (c) => {
        const by = principalOf(c, 'runner');
        const { id, action } = c.req.valid('param');
        if ((await listBackfills(db, { id })).length === 0)
          throw new Fault('not-found', say('there is no backfill {id}', { id }));
        const states = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const;
        await turn(db, id, states[action]);
        await audit(pool, by.userId, `backfill-${action}`, id);
        const [now] = await listBackfills(db, { id });
        if (!now) throw new Fault('not-found', say('there is no backfill {id}', { id }));
        return c.json(now, 200);
      });
}

function today(engine: ServerEngine): string {
  return engine.run.now().toISOString().slice(0, 10);
}

/** What a run's page shows beside its tasks, and doing it again. All of it is recorded with the run: it never changes. */
import { createRoute, z } from '@hono/zod-openapi';
import { loadAttempts, loadExports, loadLog, loadRunInput, submitRun } from '@datacraft/engine';
import type { LogLine, Notebook, RunDetails, RunReport, RunRequest } from '@datacraft/shared';
import { Fault, newId, relationName, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Principal } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { found } from './runs.ts';
import { latestPublication } from '../store/dashboards.ts';
import { enqueueRun } from '../worker/queue.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

const tags = ['Runs'];
const logQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .default('0'),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
});
const paths = {
  details: createRoute({
    method: 'get',
    path: '/runs/{id}/details',
    tags,
    summary: 'Attempts of the tasks of a run, and what each reads',
    request: { params: idParam },
    responses: {
      200: jsonAnswer('Details', z.custom<RunDetails>().openapi('RunDetails', { type: 'object' })),
      ...problems,
    },
  }),
  log: createRoute({
    method: 'get',
    path: '/runs/{id}/log',
    tags,
    summary: 'What the run said, in order; ask again with the last `id` for what came since',
    request: { params: idParam, query: logQuery },
    responses: {
      200: jsonAnswer('Lines', z.array(z.custom<LogLine>().openapi('LogLine', { type: 'object' }))),
      ...problems,
    },
  }),
  rerun: createRoute({
    method: 'post',
    path: '/runs/{id}/rerun',
    tags,
    summary: 'Run again: the version it was, or the latest; all of it or what failed (runner)',
    request: {
      params: idParam,
      body: jsonBody(z.strictObject({ version: z.enum(['original', 'latest']), failedOnly: z.boolean().optional() })),
    },
    responses: { 202: jsonAnswer('Queued', z.object({ runId: z.string() })), ...problems },
  }),
  resend: createRoute({
    method: 'post',
    path: '/runs/{id}/resend',
    tags,
    summary: 'Send again what a run could not, as a run of its own that makes nothing anew (runner)',
    request: { params: idParam },
    responses: { 202: jsonAnswer('Queued', z.object({ runId: z.string() })), ...problems },
  }),
};

export function runDetailRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ rooms, live, pool }: Deps) =>
    newRoutes()
      .openapi(paths.details, async (c) => {
        principalOf(c);
        const { id } = c.req.valid('param');
        const { document } = await inputOf(engine, id);
        const { graph } = await engine.compile(document);
        const cells = [...graph.cells.values()].flatMap((cell) =>
          cell.relation === null
            ? []
            : [{ cell: cell.name, dependsOn: [...cell.dependsOn], reads: cell.tables.map(relationName) }],
        );
        return c.json({ attempts: await loadAttempts(db, id), cells, exports: await loadExports(db, id) }, 200);
      })
      .openapi(paths.log, async (c) => {
        principalOf(c);
        const { id } = c.req.valid('param');
        await found(engine, id);
        const { after, limit } = c.req.valid('query');
        return c.json(await loadLog(db, id, after, limit), 200);
      })
      .openapi(paths.rerun, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        const { version, failedOnly = false } = c.req.valid('json');
        const before = await found(engine, id);
        const input = await inputOf(engine, id);
        if (input.notebookId === null)
          throw new Fault('conflict', 'this run was started from the command line; run its file again there');
        const published = version === 'latest' ? await latestPublication(db, input.notebookId) : null;
        const notebook =
          version === 'original' ? input.document : (published?.document ?? (await rooms.notebook(input.notebookId)));
        const number = version === 'original' ? before.version : published?.version;
        const failed = before.tasks.filter((task) => task.state === 'failed').map((task) => task.cell);
        if (failedOnly && failed.length === 0) throw new Fault('conflict', 'nothing of this run failed; run all of it');
        const runId = await again(db, by, {
          before,
          notebookId: input.notebookId,
          notebook,
          request: failedOnly ? { ...input.request, select: failed } : input.request,
          version: number,
        });
        await audit(pool, by.userId, 'run-start', runId, { rerunOf: id });
        await live.publish(input.notebookId, { type: 'run', run: await found(engine, runId) });
        return c.json({ runId }, 202);
      })
      .openapi(paths.resend, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        const before = await found(engine, id);
        const { notebookId, document } = await inputOf(engine, id);
        if (notebookId === null)
          throw new Fault('conflict', 'this run was started from the command line; run its file again there');
        const resend = (await loadExports(db, id)).flatMap(({ cell, target, state }) =>
          state === 'failed' ? [{ cell, target }] : [],
        );
        if (resend.length === 0) throw new Fault('conflict', 'all that this run sends was sent, or is on its way');
        const request = { select: [...new Set(resend.map(({ cell }) => cell))], resend };
        const { version } = before;
        const runId = await again(db, by, { before, notebookId, notebook: document, request, version });
        await audit(pool, by.userId, 'run-start', runId, { resendOf: id });
        await live.publish(notebookId, { type: 'run', run: await found(engine, runId) });
        return c.json({ runId }, 202);
      });
}

interface Again {
  readonly before: RunReport;
  readonly notebookId: string;
  readonly notebook: Notebook;
  readonly request: RunRequest;
  readonly version: number | undefined;
}

/** Queues a run that stands for what an earlier one stood for. */
async function again(db: ServerEngine['run']['db'], by: Principal, asked: Again): Promise<string> {
  const { before, notebookId, notebook, request, version } = asked;
  const runId = newId<string>('run');
  const pinned = {
    rerunOf: before.runId,
    ...(version === undefined ? {} : { version }),
    ...(before.logicalAt === undefined ? {} : { logicalAt: new Date(before.logicalAt) }),
    ...(before.interval === undefined
      ? {}
      : { interval: { start: new Date(before.interval.start), end: new Date(before.interval.end) } }),
  };
  const trigger = by.via === 'token' ? 'api' : 'manual';
  const owner = ownerOf(notebookId, notebook.title);
  await db.transaction(async (tx) => {
    await submitRun({ runId, owner, notebook, request, trigger, createdBy: by.userId, pinned }, tx);
    await enqueueRun(tx, runId);
  });
  return runId;
}

async function inputOf(engine: ServerEngine, runId: string) {
  const input = await loadRunInput(engine.run.db, runId);
  if (!input) throw new Fault('not-found', say('there is no run {id}', { id: runId }));
  return { notebookId: input.notebookId, document: input.document as Notebook, request: input.request as RunRequest };
}

/** Live streams: starting a source of a notebook, what each does, pausing and resuming it. */
import { createRoute, z } from '@hono/zod-openapi';
import {
  listCommits,
  listLanes,
  listStreamExports,
  listStreams,
  loadStreamDocument,
  pauseStream,
  resumeStream,
  startStream,
} from '@datacraft/engine';
import type { Notebook, NotebookStream, StreamDetail, StreamSummary } from '@datacraft/shared';
import { Fault, newId, relationName, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { listNotebooks, loadPresent } from '../store/notebooks.ts';
import { changedCells } from '../stream/changed-cells.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

const tags = ['Streams'];
const summarySchema = z.custom<StreamSummary>().openapi('StreamSummary', { type: 'object' });
const ofNotebookSchema = z.custom<NotebookStream>().openapi('NotebookStream', { type: 'object' });
const detailSchema = z.custom<StreamDetail>().openapi('StreamDetail', { type: 'object' });
const startSchema = z.strictObject({ cell: z.string().max(200), commitMs: z.int().min(250).max(3_600_000).optional() });
const DEFAULT_COMMIT_MS = 1_000;
const liveTypes: ReadonlySet<string> = new Set(['webhook', 'simulator', 'kafka']);

const turn = (action: 'pause' | 'resume', summary: string) =>
  createRoute({
    method: 'post',
    path: `/streams/{id}/${action}`,
    tags,
    summary,
    request: { params: idParam },
    responses: { 200: jsonAnswer('Stream', summarySchema), ...problems },
  });

const paths = {
  all: createRoute({
    method: 'get',
    path: '/streams',
    tags,
    summary: 'Streams of the notebooks one may see, those that fail first',
    responses: { 200: jsonAnswer('Streams', z.array(summarySchema)), ...problems },
  }),
  one: createRoute({
    method: 'get',
    path: '/streams/{id}',
    tags,
    summary: 'A stream with its last quarter of an hour',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Stream', detailSchema), ...problems },
  }),
  ofNotebook: createRoute({
    method: 'get',
    path: '/notebooks/{id}/streams',
    tags,
    summary: 'Streams of a notebook',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Streams', z.array(ofNotebookSchema)), ...problems },
  }),
  start: createRoute({
    method: 'post',
    path: '/notebooks/{id}/streams',
    tags,
    summary: 'Read a source all the time, with the notebook as it is now (runner)',
    request: { params: idParam, body: jsonBody(startSchema) },
    responses: { 200: jsonAnswer('Stream', summarySchema), ...problems },
  }),
  pause: turn('pause', 'Stop reading; what is in the table stays (runner)'),
  resume: turn('resume', 'Read on from behind the last row (runner)'),
};

export function streamControlRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ rooms, pool }: Deps) => {
    const one = async (id: string): Promise<StreamSummary> => {
      const [found] = await listStreams(db, { id });
      if (!found) throw new Fault('not-found', say('there is no stream {id}', { id }));
      return found;
    };
    const withChanges = async (stream: StreamSummary, now: Notebook): Promise<NotebookStream> => {
      const then = await loadStreamDocument(db, stream.id);
      const compile = (notebook: Notebook) => engine.compile(notebook);
      return { ...stream, changed: then === null ? [] : await changedCells(then, now, stream.cell, compile) };
    };
    return newRoutes()
      .openapi(paths.all, async (c) => {
        const { userId } = principalOf(c);
        const seen = new Set<string>((await listNotebooks(pool, false, userId)).map((notebook) => notebook.id));
        return c.json(
          (await listStreams(db)).filter((each) => seen.has(each.notebookId)),
          200,
        );
      })
      .openapi(paths.one, async (c) => {
        principalOf(c);
        const { id } = c.req.valid('param');
        const [exports, lanes, history] = [
          await listStreamExports(db, id),
          await listLanes(db, id),
          await listCommits(db, id),
        ];
        return c.json({ ...(await one(id)), exports, lanes, history }, 200);
      })
      .openapi(paths.ofNotebook, async (c) => {
        principalOf(c);
        const { id } = await loadPresent(pool, c.req.valid('param').id);
        const streams = await listStreams(db, { notebookId: id });
        if (streams.length === 0) return c.json([], 200);
        const now = await rooms.notebook(id);
        return c.json(await Promise.all(streams.map((stream) => withChanges(stream, now))), 200);
      })
      .openapi(paths.start, async (c) => {
        const by = principalOf(c, 'runner');
        const notebookId = c.req.valid('param').id;
        const { cell, commitMs = DEFAULT_COMMIT_MS } = c.req.valid('json');
        const document = await rooms.notebook(notebookId);
        const { graph } = await engine.compile(document);
        const found = graph.cells.get(cell);
        if (found?.kind !== 'source' || found.relation === null)
          throw new Fault('not-found', say('this notebook has no source called {cell}', { cell }));
        const { type } = found.spec;
        if (!liveTypes.has(type))
          throw new Fault(
            'bad-request',
            say('a source of type {type} has an end; webhook, kafka and simulator can be live', { type }),
          );
        if (!found.valid)
          throw new Fault('notebook-invalid', say('{cell} has errors; mend them, then start the stream', { cell }));
        const stream = {
          id: newId<string>('str'),
          notebookId,
          cell,
          relation: relationName(found.relation),
          sourceType: type,
          document,
          commitMs,
          startedBy: by.userId,
        };
        const id = await startStream(db, stream);
        await audit(pool, by.userId, 'stream-start', id);
        return c.json(await one(id), 200);
      })
      .openapi(paths.pause, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        await one(id);
        await pauseStream(db, id);
        await audit(pool, by.userId, 'stream-pause', id);
        return c.json(await one(id), 200);
      })
      .openapi(paths.resume, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        await one(id);
        await resumeStream(db, id);
        await audit(pool, by.userId, 'stream-resume', id);
        return c.json(await one(id), 200);
      });
  };
}

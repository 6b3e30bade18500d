/** Rows that a live stream set aside: looking at them, and having them read again once the cell was mended. */
import { createRoute, z } from '@hono/zod-openapi';
import { askReplay, listLetters, listReplays, listStreams, openLetter } from '@datacraft/engine';
import type { OpenedLetter, StreamLetters, StreamReplay } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { refuseReplay, sourceNow } from '../stream/letters-of.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

const tags = ['Streams'];
const lettersSchema = z.custom<StreamLetters>().openapi('StreamLetters', { type: 'object' });
const openedSchema = z.custom<OpenedLetter>().openapi('OpenedLetter', { type: 'object' });
const replaySchema = z.custom<StreamReplay>().openapi('StreamReplay', { type: 'object' });
const letterId = z.string().regex(/^[0-9a-f]{32}$/, 'expected the id of a letter');

const paths = {
  list: createRoute({
    method: 'get',
    path: '/streams/{id}/letters',
    tags,
    summary: 'Rows that were set aside, the newest first, and what came of reading some again',
    request: {
      params: idParam,
      query: z.object({
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
        offset: z.coerce.number().int().min(0).default(0),
      }),
    },
    responses: { 200: jsonAnswer('Letters', lettersSchema), ...problems },
  }),
  one: createRoute({
    method: 'get',
    path: '/streams/{id}/letters/{letter}',
    tags,
    summary: 'One of them with its bytes',
    request: { params: idParam.extend({ letter: letterId }) },
    responses: { 200: jsonAnswer('Letter', openedSchema), ...problems },
  }),
  replay: createRoute({
    method: 'post',
    path: '/streams/{id}/letters/replay',
    tags,
    summary: 'Read some of them again, or all, with the notebook as it is now; the stream goes on with it too (runner)',
    request: {
      params: idParam,
      body: jsonBody(z.strictObject({ letters: z.array(letterId).min(1).max(5_000).optional() })),
    },
    responses: { 202: jsonAnswer('Asked; its state is among the replays of the letters', replaySchema), ...problems },
  }),
};

export function streamLetterRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ rooms, pool }: Deps) => {
    const found = async (id: string) => {
      const [stream] = await listStreams(db, { id });
      if (!stream) throw new Fault('not-found', say('there is no stream {id}', { id }));
      const document = await rooms.notebook(stream.notebookId);
      return { stream, document, cell: await sourceNow(stream, document, engine.compile) };
    };
    return newRoutes()
      .openapi(paths.list, async (c) => {
        principalOf(c);
        const { id } = c.req.valid('param');
        const { stream, cell } = await found(id);
        const page = await listLetters(cell, c.req.valid('query'), await engine.readingIn(stream.notebookId));
        return c.json({ ...page, replays: await listReplays(db, id) }, 200);
      })
      .openapi(paths.one, async (c) => {
        principalOf(c);
        const { id, letter } = c.req.valid('param');
        const { stream, cell } = await found(id);
        return c.json(await openLetter(cell, letter, await engine.readingIn(stream.notebookId)), 200);
      })
      .openapi(paths.replay, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        const { document, cell } = await found(id);
        refuseReplay(cell);
        const { letters = null } = c.req.valid('json');
        const asked = await askReplay(db, { streamId: id, document, letters, by: by.userId });
        await audit(pool, by.userId, 'stream-replay', id);
        const replay = (await listReplays(db, id)).find((each) => each.id === asked);
        if (!replay) throw new Error(`the replay ${asked} is gone`);
        return c.json(replay, 202);
      });
  };
}

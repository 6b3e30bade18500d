/** Reading a live stream on from somewhere else, once somebody has seen what that comes to. */
import { createRoute, z } from '@hono/zod-openapi';
import { listStreams, planSeek, seekStream } from '@datacraft/engine';
import type { SeekPlan } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { sourceNow } from '../stream/letters-of.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

const offset = z.string().regex(/^\d{1,19}$/, 'expected an offset');
const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('earliest') }),
  z.strictObject({ kind: z.literal('latest') }),
  z.strictObject({ kind: z.literal('time'), at: z.iso.datetime({ offset: true }) }),
  z.strictObject({
    kind: z.literal('offsets'),
    offsets: z.record(z.string().regex(/^([A-Za-z0-9._-]{1,249}:)?\d{1,6}$/), offset),
  }),
]);
const planSchema = z.custom<SeekPlan>().openapi('SeekPlan', { type: 'object' });

const path = createRoute({
  method: 'post',
  path: '/streams/{id}/seek',
  tags: ['Streams'],
  summary:
    'Say what reading a paused stream on from somewhere else comes to; with `confirm` of that answer, do it (runner)',
  request: { params: idParam, body: jsonBody(z.strictObject({ to: target, confirm: z.string().max(64).optional() })) },
  responses: { 200: jsonAnswer('What it comes to', planSchema), ...problems },
});

export function streamSeekRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ rooms, pool }: Deps) =>
    newRoutes().openapi(path, async (c) => {
      const by = principalOf(c, 'runner');
      const { id } = c.req.valid('param');
      const { to, confirm } = c.req.valid('json');
      const [stream] = await listStreams(db, { id });
      if (!stream) throw new Fault('not-found', say('there is no stream {id}', { id }));
      if (stream.state === 'live') throw new Fault('conflict', 'the stream is live; pause it, then move it');
      const cell = await sourceNow(stream, await rooms.notebook(stream.notebookId), engine.compile);
      if (confirm === undefined) return c.json(await planSeek(cell, to, engine.run), 200);
      const plan = await seekStream(id, cell, to, confirm, engine.run);
      await audit(pool, by.userId, 'stream-seek', id, {
        to: JSON.stringify(to),
        again: plan.again,
        skipped: plan.skipped,
      });
      return c.json(plan, 200);
    });
}

import { createRoute, z } from '@hono/zod-openapi';
import { databaseOf } from '@datacraft/engine';
import type { AlertChannel } from '@datacraft/shared';
import { Fault, isFault, newId, say } from '@datacraft/shared';
import {
  addChannel,
  listChannels,
  noteSent,
  openChannel,
  removeChannel,
  targetSchema,
} from '../alert/channel/channels.ts';
import type { Telling } from '../alert/channel/message.ts';
import { send } from '../alert/channel/send.ts';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { createCipher } from '../secret/cipher.ts';
import { loadSecretKey } from '../secret/key.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';

const tags = ['Alerts'];
const listing = z.custom<AlertChannel>().openapi('AlertChannel', { type: 'object' });
const newChannel = z.strictObject({
  name: z.string().trim().min(1).max(100),
  target: targetSchema,
});

const paths = {
  list: createRoute({
    method: 'get',
    path: '/alert-channels',
    tags,
    summary: 'Where alerts go; addresses with tokens, passwords and keys are never shown (editor)',
    responses: { 200: jsonAnswer('Channels', z.array(listing)), ...problems },
  }),
  add: createRoute({
    method: 'post',
    path: '/alert-channels',
    tags,
    summary: 'Add a channel; the key that signs a webhook is answered once (owner)',
    request: { body: jsonBody(newChannel) },
    responses: {
      201: jsonAnswer('Added', z.object({ id: z.string(), signingKey: z.string().nullable() })),
      ...problems,
    },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/alert-channels/{id}',
    tags,
    summary: 'Delete a channel; rules no longer name it (owner)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
  test: createRoute({
    method: 'post',
    path: '/alert-channels/{id}/test',
    tags,
    summary: 'Send a test message now, and say what came of it (owner)',
    request: { params: idParam },
    responses: {
      200: jsonAnswer('What came of it', z.object({ ok: z.boolean(), error: z.string().nullable() })),
      ...problems,
    },
  }),
};

export function alertChannelRoutes({ pool, config, now }: Deps) {
  const db = databaseOf(pool);
  const cipher = async () => createCipher(await loadSecretKey(config));
  return newRoutes()
    .openapi(paths.list, async (c) => {
      principalOf(c, 'editor');
      return c.json(await listChannels(db), 200);
    })
    .openapi(paths.add, async (c) => {
      const by = principalOf(c, 'owner');
      const asked = c.req.valid('json');
      const added = await addChannel(db, asked, await cipher(), by.userId);
      await audit(pool, by.userId, 'alert-channel-add', added.id, { name: asked.name, kind: asked.target.kind });
      return c.json(added, 201);
    })
    .openapi(paths.remove, async (c) => {
      const by = principalOf(c, 'owner');
      const { id } = c.req.valid('param');
      if (!(await removeChannel(db, id))) throw new Fault('not-found', say('there is no channel {id}', { id }));
      await audit(pool, by.userId, 'alert-channel-remove', id);
      return c.body(null, 204);
    })
    .openapi(paths.test, async (c) => {
      const by = principalOf(c, 'owner');
      const { id } = c.req.valid('param');
      const target = await openChannel(db, id, await cipher());
      await audit(pool, by.userId, 'alert-channel-test', id);
      const message = testMessage(new Date(now()), config.publicUrl ?? new URL(c.req.url).origin);
      try {
        await send(target, message, { allowedHosts: config.allowedHosts, nowMs: now() });
        await noteSent(db, id, null);
        return c.json({ ok: true, error: null }, 200);
      } catch (error) {
        if (!isFault(error)) throw error;
        await noteSent(db, id, error.message);
        return c.json({ ok: false, error: error.message }, 200);
      }
    });
}

function testMessage(at: Date, origin: string): Telling {
  return {
    id: newId<string>('inc'),
    kind: 'test',
    incident: 'test',
    title: 'A test of this channel',
    severity: 'info',
    openedAt: at.toISOString(),
    closedAt: null,
    url: `${origin}/alerts`,
    alerts: [],
  };
}

import { createRoute, z } from '@hono/zod-openapi';
import type { CellId, NewCommentThread } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { readCell } from '@datacraft/shared/ydoc';
import { listNotifications, readNotifications } from '../comment/notifications.ts';
import { changeComment, listThreads, markRead, openThread, reply, setResolved } from '../comment/threads.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import { newThreadSchema, notificationSchema, replySchema, threadSchema } from './comment-schema.ts';

const tags = ['Comments'];
const part = (name: string) =>
  z
    .string()
    .max(64)
    .openapi({ param: { name, in: 'path' } });
const threadParam = idParam.extend({ threadId: part('threadId') });
const commentParam = idParam.extend({ commentId: part('commentId') });
const done = { ...nothing, ...problems };
const paths = {
  list: createRoute({
    method: 'get',
    path: '/notebooks/{id}/comments',
    tags,
    summary: 'Threads of a notebook, resolved ones too, oldest first; `unread` is for the person who asks',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Threads', z.array(threadSchema)), ...problems },
  }),
  open: createRoute({
    method: 'post',
    path: '/notebooks/{id}/comments',
    tags,
    summary: 'Open a thread on a text range, a cell or a tile (commenter)',
    request: { params: idParam, body: jsonBody(newThreadSchema) },
    responses: { 201: jsonAnswer('Opened', z.object({ id: z.string() })), ...problems },
  }),
  reply: createRoute({
    method: 'post',
    path: '/notebooks/{id}/comments/{threadId}/replies',
    tags,
    summary: 'Answer in a thread; a resolved one is open again (commenter)',
    request: { params: threadParam, body: jsonBody(replySchema) },
    responses: done,
  }),
  resolve: createRoute({
    method: 'patch',
    path: '/notebooks/{id}/comments/{threadId}',
    tags,
    summary: 'Resolve or reopen a thread (commenter)',
    request: { params: threadParam, body: jsonBody(z.strictObject({ resolved: z.boolean() })) },
    responses: done,
  }),
  change: createRoute({
    method: 'patch',
    path: '/notebooks/{id}/comments/by-id/{commentId}',
    tags,
    summary: 'Change the words of my comment (commenter)',
    request: { params: commentParam, body: jsonBody(replySchema.pick({ body: true })) },
    responses: done,
  }),
  remove: createRoute({
    method: 'delete',
    path: '/notebooks/{id}/comments/by-id/{commentId}',
    tags,
    summary: 'Delete my comment (commenter)',
    request: { params: commentParam },
    responses: done,
  }),
  read: createRoute({
    method: 'post',
    path: '/notebooks/{id}/comments/read',
    tags,
    summary: 'Mark threads as read by me, with their notifications',
    request: {
      params: idParam,
      body: jsonBody(z.strictObject({ threadIds: z.array(z.string().max(64)).max(1_000) })),
    },
    responses: done,
  }),
  notifications: createRoute({
    method: 'get',
    path: '/notifications',
    tags,
    summary: 'Where I was mentioned or answered, latest first, at most 100',
    responses: { 200: jsonAnswer('Notifications', z.array(notificationSchema)), ...problems },
  }),
  readNotifications: createRoute({
    method: 'post',
    path: '/notifications/read',
    tags,
    summary: 'Mark notifications as read; all of them without `ids`',
    request: { body: jsonBody(z.strictObject({ ids: z.array(z.string().regex(/^\d{1,18}$/)).optional() })) },
    responses: done,
  }),
};

export function commentRoutes(deps: Deps) {
  const { pool, rooms, live } = deps;
  const tell = (id: string) => live.publish(id, { type: 'comments' });
  return newRoutes()
    .openapi(paths.list, async (c) => {
      const { userId } = principalOf(c);
      const { id } = c.req.valid('param');
      await rooms.open(id);
      return c.json(await listThreads(pool, id, userId), 200);
    })
    .openapi(paths.open, async (c) => {
      const { userId } = principalOf(c, 'commenter');
      const { id } = c.req.valid('param');
      const wanted = c.req.valid('json') as NewCommentThread;
      const { doc } = await rooms.open(id);
      const cell = readCell(doc, wanted.cellId as CellId);
      if (cell === null)
        throw new Fault('not-found', say('there is no cell {cell} in this notebook', { cell: wanted.cellId }));
      const threadId = await openThread(pool, id, userId, { ...wanted, cellLabel: cell.name || cell.kind });
      await tell(id);
      return c.json({ id: threadId }, 201);
    })
    .openapi(paths.reply, async (c) => {
      const { userId } = principalOf(c, 'commenter');
      const { id, threadId } = c.req.valid('param');
      await rooms.open(id);
      await reply(pool, { notebookId: id, threadId }, userId, c.req.valid('json'));
      await tell(id);
      return c.body(null, 204);
    })
    .openapi(paths.resolve, async (c) => {
      const { userId } = principalOf(c, 'commenter');
      const { id, threadId } = c.req.valid('param');
      await rooms.open(id);
      await setResolved(pool, { notebookId: id, threadId }, userId, c.req.valid('json').resolved);
      await tell(id);
      return c.body(null, 204);
    })
    .openapi(paths.change, async (c) => {
      const { userId } = principalOf(c, 'commenter');
      const { id, commentId } = c.req.valid('param');
      await rooms.open(id);
      await changeComment(pool, { notebookId: id, commentId }, userId, c.req.valid('json').body);
      await tell(id);
      return c.body(null, 204);
    })
    .openapi(paths.remove, async (c) => {
      const { userId } = principalOf(c, 'commenter');
      const { id, commentId } = c.req.valid('param');
      await rooms.open(id);
      await changeComment(pool, { notebookId: id, commentId }, userId, null);
      await tell(id);
      return c.body(null, 204);
    })
    .openapi(paths.read, async (c) => {
      const { userId } = principalOf(c);
      const { id } = c.req.valid('param');
      await rooms.open(id);
      await markRead(pool, id, userId, c.req.valid('json').threadIds);
      return c.body(null, 204);
    })
    .openapi(paths.notifications, async (c) => c.json(await listNotifications(pool, principalOf(c).userId), 200))
    .openapi(paths.readNotifications, async (c) => {
      await readNotifications(pool, principalOf(c).userId, c.req.valid('json').ids ?? null);
      return c.body(null, 204);
    });
}

import { z } from '@hono/zod-openapi';
import type { Said } from '@datacraft/shared';

/** Bodies of the comment routes, as the OpenAPI document shows them. */
const place = z.enum(['text', 'cell', 'tile']).openapi('CommentPlace');
const author = z.object({ id: z.string().nullable(), name: z.string() }).openapi('CommentAuthor');
/** An encoded relative position: a few dozen bytes in hexadecimal digits. */
const position = z.string().regex(/^([0-9a-f]{2}){1,200}$/, 'expected hexadecimal digits');
const anchor = z.object({ start: position, end: position }).openapi('TextAnchor');
const body = z.string().trim().min(1, 'write something').max(10_000);
const mentions = z.array(z.string().max(64)).max(50);

export const replySchema = z.strictObject({ body, mentions: mentions.optional() }).openapi('CommentReply');

export const newThreadSchema = z
  .strictObject({
    place,
    cellId: z.string().max(64),
    anchor: anchor.optional(),
    quote: z.string().max(2_000).optional(),
    body,
    mentions: mentions.optional(),
  })
  .refine((thread) => (thread.place === 'text') === (thread.anchor !== undefined), {
    path: ['anchor'],
    message: 'a thread on text has an anchor, others have none',
  })
  .openapi('NewCommentThread');

const comment = z
  .object({
    id: z.string(),
    author,
    body: z.string(),
    mentions: z.array(z.object({ id: z.string(), name: z.string() })),
    createdAt: z.string(),
    editedAt: z.string().nullable(),
    deletedAt: z.string().nullable(),
  })
  .openapi('Comment');

export const threadSchema = z
  .object({
    id: z.string(),
    place,
    cellId: z.string(),
    anchor: anchor.nullable(),
    quote: z.string(),
    cellLabel: z.string(),
    createdAt: z.string(),
    resolvedAt: z.string().nullable(),
    resolvedBy: author.nullable(),
    unread: z.boolean(),
    comments: z.array(comment),
  })
  .openapi('CommentThread');

export const notificationSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['mention', 'reply', 'schedule-paused', 'review-asked', 'branch-accepted', 'sensor-stopped']),
    by: author,
    body: z.string(),
    said: z.custom<Said>().nullable().openapi({ type: 'object' }),
    notebook: z.object({ id: z.string(), title: z.string() }),
    threadId: z.string().nullable(),
    place: place.nullable(),
    createdAt: z.string(),
    readAt: z.string().nullable(),
  })
  .openapi('Notification');

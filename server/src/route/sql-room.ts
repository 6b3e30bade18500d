import { createRoute, z } from '@hono/zod-openapi';
import type { PastQuery, SqlTabs } from '@datacraft/shared';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { addToHistory, clearHistory, loadHistory, loadTabs, saveTabs } from '../store/sql-room.ts';
import { jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import { paramsSchema } from './params.ts';

const tags = ['SQL room'];
const sqlText = z.string().max(200_000);
const tabs = z.strictObject({
  tabs: z
    .array(z.strictObject({ id: z.string().max(40), name: z.string().max(100), sql: sqlText, params: paramsSchema }))
    .min(1)
    .max(30),
  active: z.string().max(40),
});
const entry = z.strictObject({
  sql: sqlText,
  params: paramsSchema,
  ms: z.number().min(0).max(1e9),
  rows: z.number().int().min(0),
  failed: z.boolean(),
});

const paths = {
  tabs: createRoute({
    method: 'get',
    path: '/me/sql/tabs',
    tags,
    summary: 'My open tabs; null before the first',
    responses: {
      200: jsonAnswer('Tabs', z.custom<SqlTabs | null>().openapi('SqlTabs', { type: 'object' })),
      ...problems,
    },
  }),
  keep: createRoute({
    method: 'put',
    path: '/me/sql/tabs',
    tags,
    summary: 'Keep my open tabs',
    request: { body: jsonBody(tabs) },
    responses: { ...nothing, ...problems },
  }),
  history: createRoute({
    method: 'get',
    path: '/me/sql/history',
    tags,
    summary: 'My last 200 queries, newest first',
    responses: {
      200: jsonAnswer('Queries', z.array(z.custom<PastQuery>().openapi('PastQuery', { type: 'object' }))),
      ...problems,
    },
  }),
  remember: createRoute({
    method: 'post',
    path: '/me/sql/history',
    tags,
    summary: 'Remember a query that I ran',
    request: { body: jsonBody(entry) },
    responses: { ...nothing, ...problems },
  }),
  forget: createRoute({
    method: 'delete',
    path: '/me/sql/history',
    tags,
    summary: 'Forget my queries',
    responses: { ...nothing, ...problems },
  }),
};

/** What the SQL room keeps of one person: nobody else sees it. */
export function sqlRoomRoutes({ pool }: Deps) {
  return newRoutes()
    .openapi(paths.tabs, async (c) => c.json(await loadTabs(pool, principalOf(c).userId), 200))
    .openapi(paths.keep, async (c) => {
      await saveTabs(pool, principalOf(c).userId, c.req.valid('json'));
      return c.body(null, 204);
    })
    .openapi(paths.history, async (c) => c.json(await loadHistory(pool, principalOf(c).userId), 200))
    .openapi(paths.remember, async (c) => {
      await addToHistory(pool, principalOf(c).userId, c.req.valid('json'));
      return c.body(null, 204);
    })
    .openapi(paths.forget, async (c) => {
      await clearHistory(pool, principalOf(c).userId);
      return c.body(null, 204);
    });
}

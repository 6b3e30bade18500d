import { createRoute, z } from '@hono/zod-openapi';
import { explainQuery, queryReads } from '@datacraft/engine';
import type { QueryPlan, SavedQuery } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import { mayReadAll } from '../auth/query-access.ts';
import type { Principal } from '../auth/principal.ts';
import { atLeast } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import type { StoredQuery } from '../store/sql-room.ts';
import { deleteQuery, insertQuery, loadQueries, updateQuery } from '../store/sql-room.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import { branchSchema, paramsSchema } from './params.ts';

const tags = ['SQL room'];
const body = z.strictObject({
  name: z.string().trim().min(1).max(100),
  sql: z.string().min(1).max(200_000),
  params: paramsSchema.default({}),
});
const planBody = z.strictObject({
  sql: z.string().max(1_000_000),
  params: paramsSchema.optional(),
  branch: branchSchema,
});
const savedSchema = z.custom<SavedQuery>().openapi('SavedQuery', { type: 'object' });

const paths = {
  plan: createRoute({
    method: 'post',
    path: '/query/plan',
    tags,
    summary: 'Runs a query and tells what it did: operators with times and rows (EXPLAIN ANALYZE)',
    request: { body: jsonBody(planBody) },
    responses: { 200: jsonAnswer('Plan', z.custom<QueryPlan>().openapi('QueryPlan', { type: 'object' })), ...problems },
  }),
  list: createRoute({
    method: 'get',
    path: '/queries',
    tags,
    summary: 'Saved queries of the workspace, without those that read what I may not read',
    responses: { 200: jsonAnswer('Queries', z.array(savedSchema)), ...problems },
  }),
  add: createRoute({
    method: 'post',
    path: '/queries',
    tags,
    summary: 'Save a query for the workspace (runner)',
    request: { body: jsonBody(body) },
    responses: { 201: jsonAnswer('Saved', z.object({ id: z.string() })), ...problems },
  }),
  change: createRoute({
    method: 'put',
    path: '/queries/{id}',
    tags,
    summary: 'Change a saved query (its author, or an editor)',
    request: { params: idParam, body: jsonBody(body) },
    responses: { ...nothing, ...problems },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/queries/{id}',
    tags,
    summary: 'Remove a saved query (its author, or an editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
};

export function savedQueryRoutes(engine: ServerEngine) {
  return ({ pool, config }: Deps) => {
    const readsOf = ({ sql, params }: z.infer<typeof body>) =>
      queryReads(sql, params, (text) => engine.run.duck.parse(text));
    const visible = async (by: Principal) => {
      const { db, mayRead } = await engine.readingAs(by);
      return mayReadAll(await loadQueries(pool), db, mayRead);
    };
    const own = async (by: Principal, id: string): Promise<StoredQuery> => {
      const query = (await visible(by)).find((each) => each.id === id);
      if (!query) throw new Fault('not-found', 'there is no such saved query');
      if (!mayChange(by, query))
        throw new Fault(
          'forbidden',
          'only its author and editors may change a saved query; save it under another name',
        );
      return query;
    };
    return newRoutes()
      .openapi(paths.plan, async (c) => {
        const { sql, params, branch } = c.req.valid('json');
        const request = {
          sql,
          ...(params ? { params } : {}),
          signal: c.req.raw.signal,
          timeoutMs: config.previewTimeoutMs,
        };
        return c.json(await explainQuery(request, await engine.readingAs(principalOf(c), branch)), 200);
      })
      .openapi(paths.list, async (c) => {
        const by = principalOf(c);
        return c.json(
          (await visible(by)).map((query) => shown(query, by)),
          200,
        );
      })
      .openapi(paths.add, async (c) => {
        const by = principalOf(c, 'runner');
        const query = c.req.valid('json');
        return c.json({ id: await insertQuery(pool, by.userId, { ...query, reads: await readsOf(query) }) }, 201);
      })
      .openapi(paths.change, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = await own(by, c.req.valid('param').id);
        const query = c.req.valid('json');
        await updateQuery(pool, id, { ...query, reads: await readsOf(query) });
        return c.body(null, 204);
      })
      .openapi(paths.remove, async (c) => {
        const { id } = await own(principalOf(c, 'runner'), c.req.valid('param').id);
        await deleteQuery(pool, id);
        return c.body(null, 204);
      });
  };
}

function mayChange(by: Principal, { createdBy }: StoredQuery): boolean {
  return createdBy === by.userId ? atLeast(by.role, 'runner') : atLeast(by.role, 'editor');
}

function shown(query: StoredQuery, by: Principal): SavedQuery {
  const { id, name, sql, params, author, updatedAt } = query;
  return { id, name, sql, params, author, updatedAt: updatedAt.toISOString(), mine: mayChange(by, query) };
}

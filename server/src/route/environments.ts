/** Named environments: what was written in them, and making it production's. */
import { createRoute, z } from '@hono/zod-openapi';
import { dropEnvironment, environmentTables, listEnvironments } from '@datacraft/engine';
import type { EnvironmentSummary, EnvironmentTable, Promoted } from '@datacraft/shared';
import { parseEnvironment } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import { readableBy } from '../auth/table-access.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import { promoteFrom } from '../environment/promote.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';

const tags = ['Environments'];
const nameParam = z.object({ name: z.string().max(64) });
const summary = z.custom<EnvironmentSummary>().openapi('Environment', { type: 'object' });
const table = z.custom<EnvironmentTable>().openapi('EnvironmentTable', { type: 'object' });
const promoted = z.custom<Promoted>().openapi('Promoted', { type: 'object' });

const paths = {
  list: createRoute({
    method: 'get',
    path: '/environments',
    tags,
    summary: 'Environments; a run with `env` makes one',
    responses: { 200: jsonAnswer('Environments', z.array(summary)), ...problems },
  }),
  tables: createRoute({
    method: 'get',
    path: '/environments/{name}/tables',
    tags,
    summary: 'Tables that were written in an environment, beside those of production',
    request: { params: nameParam },
    responses: { 200: jsonAnswer('Tables', z.array(table)), ...problems },
  }),
  drop: createRoute({
    method: 'delete',
    path: '/environments/{name}',
    tags,
    summary: 'Drop an environment with all that was written in it (editor)',
    request: { params: nameParam },
    responses: { ...nothing, ...problems },
  }),
  promote: createRoute({
    method: 'post',
    path: '/notebooks/{id}/promote',
    tags,
    summary: "Make an environment's tables production's, those that a run would make just so (editor)",
    request: { params: idParam, body: jsonBody(z.strictObject({ env: z.string().max(64) })) },
    responses: { 200: jsonAnswer('What was promoted, and what is left to a run', promoted), ...problems },
  }),
};

export function environmentRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ pool, rooms, bus }: Deps) =>
    newRoutes()
      .openapi(paths.list, async (c) => {
        principalOf(c);
        return c.json(await listEnvironments(db), 200);
      })
      .openapi(paths.tables, async (c) => {
        const mayRead = await readableBy(pool, principalOf(c));
        const found = await environmentTables(db, parseEnvironment(c.req.valid('param').name));
        const shown = found.filter(mayRead).map(({ ownerKey: _, ...each }) => each);
        return c.json(shown, 200);
      })
      .openapi(paths.drop, async (c) => {
        const by = principalOf(c, 'editor');
        const name = parseEnvironment(c.req.valid('param').name);
        await dropEnvironment(db, name);
        await audit(pool, by.userId, 'environment-drop', name);
        return c.body(null, 204);
      })
      .openapi(paths.promote, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const environment = parseEnvironment(c.req.valid('json').env);
        const notebook = await rooms.notebook(id);
        const owner = ownerOf(id, notebook.title);
        const of = { environment, owner, compiled: await engine.compile(notebook), resolve: engine.resolveFor(owner) };
        const done = await promoteFrom(of, await engine.readingIn(id));
        if (done.promoted.length > 0) await bus.publish('tables', { notebookId: id, tables: [...done.promoted] });
        const facts = { environment, promoted: done.promoted.length, left: done.left.length };
        await audit(pool, by.userId, 'environment-promote', id, facts);
        return c.json(done, 200);
      });
}

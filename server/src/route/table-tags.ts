import { createRoute, z } from '@hono/zod-openapi';
import { removeTag, tagSnapshot } from '@datacraft/engine';
import { relationName } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonBody, newRoutes, problems } from './answer.ts';
import { demandTableEditor, tableOf, tableParam } from './table-door.ts';

const tags = ['Warehouse'];
const tagParam = tableParam.extend({ tag: z.string().max(63) });

const paths = {
  put: createRoute({
    method: 'put',
    path: '/tables/{layer}/{name}/tags/{tag}',
    tags,
    summary: 'Give a snapshot a name, which keeps it and can be read as of; moves a tag that is there (editor)',
    request: { params: tagParam, body: jsonBody(z.strictObject({ snapshotId: z.string().regex(/^\d{1,20}$/) })) },
    responses: { 204: { description: 'It is tagged' }, ...problems },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/tables/{layer}/{name}/tags/{tag}',
    tags,
    summary: 'Take a tag away; its snapshot is kept no longer than the others (editor)',
    request: { params: tagParam },
    responses: { 204: { description: 'It is gone' }, ...problems },
  }),
};

export function tableTagRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.put, async (c) => {
        const by = principalOf(c);
        const { layer, name, tag } = c.req.valid('param');
        const { snapshotId } = c.req.valid('json');
        const { ref } = await tableOf(engine, by, layer, name);
        await demandTableEditor(engine, deps, by, relationName(ref));
        await tagSnapshot(ref, tag, snapshotId, engine.run);
        await audit(deps.pool, by.userId, 'table-tag', relationName(ref), { tag, snapshotId });
        return c.body(null, 204);
      })
      .openapi(paths.remove, async (c) => {
        const by = principalOf(c);
        const { layer, name, tag } = c.req.valid('param');
        const { ref } = await tableOf(engine, by, layer, name);
        await demandTableEditor(engine, deps, by, relationName(ref));
        await removeTag(ref, tag, engine.run);
        await audit(deps.pool, by.userId, 'table-untag', relationName(ref), { tag });
        return c.body(null, 204);
      });
}

import { createRoute, z } from '@hono/zod-openapi';
import type { CellId } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import { blameOf } from '../history/authorship.ts';
import { listVersions, loadVersion } from '../history/version-store.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { blameSchema, cellAuthorsSchema, versionSchema, versionSummarySchema } from './version-schema.ts';

const tags = ['History'];
const versionParam = idParam.extend({
  versionId: z
    .string()
    .max(64)
    .openapi({ param: { name: 'versionId', in: 'path' } }),
});
const paths = {
  list: createRoute({
    method: 'get',
    path: '/notebooks/{id}/versions',
    tags,
    summary: 'Versions of a notebook, latest first, at most 500',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Versions', z.array(versionSummarySchema)), ...problems },
  }),
  get: createRoute({
    method: 'get',
    path: '/notebooks/{id}/versions/{versionId}',
    tags,
    summary: 'One version with its whole state',
    request: { params: versionParam },
    responses: { 200: jsonAnswer('The version', versionSchema), ...problems },
  }),
  name: createRoute({
    method: 'post',
    path: '/notebooks/{id}/versions',
    tags,
    summary: 'Keep the state as it is now under a name (editor)',
    request: {
      params: idParam,
      body: jsonBody(
        z.strictObject({ name: z.string().trim().min(1).max(200), message: z.string().trim().max(2_000).optional() }),
      ),
    },
    responses: { 201: jsonAnswer('Kept', z.object({ id: z.string() })), ...problems },
  }),
  restore: createRoute({
    method: 'post',
    path: '/notebooks/{id}/versions/{versionId}/restore',
    tags,
    summary: 'Bring back a version, or the given cells of it; the restored state is a version itself (editor)',
    request: {
      params: versionParam,
      body: jsonBody(z.strictObject({ cells: z.array(z.string().max(64)).min(1).max(1_000).optional() })),
    },
    responses: {
      200: jsonAnswer('The version it became; null when nothing differed', z.object({ id: z.string().nullable() })),
      ...problems,
    },
  }),
  authors: createRoute({
    method: 'get',
    path: '/notebooks/{id}/versions/{versionId}/authors',
    tags,
    summary: 'Who changed which cell after that version, to this moment',
    request: { params: versionParam },
    responses: { 200: jsonAnswer('By cell id', cellAuthorsSchema), ...problems },
  }),
  blame: createRoute({
    method: 'get',
    path: '/notebooks/{id}/blame',
    tags,
    summary: 'Who wrote each line and setting of the cells as they are now',
    request: { params: idParam },
    responses: { 200: jsonAnswer('By cell id', blameSchema), ...problems },
  }),
};

export function versionRoutes(deps: Deps) {
  const { pool, rooms, versions } = deps;
  return newRoutes()
    .openapi(paths.list, async (c) => {
      principalOf(c);
      const { id } = c.req.valid('param');
      await rooms.open(id);
      return c.json(await listVersions(pool, id), 200);
    })
    .openapi(paths.get, async (c) => {
      principalOf(c);
      const { id, versionId } = c.req.valid('param');
      await rooms.open(id);
      return c.json(await loadVersion(pool, id, versionId), 200);
    })
    .openapi(paths.name, async (c) => {
      const by = principalOf(c, 'editor');
      const { id } = c.req.valid('param');
      const { name, message } = c.req.valid('json');
      return c.json({ id: await versions.name(id, { name, message: message ?? '' }, by.userId) }, 201);
    })
    .openapi(paths.restore, async (c) => {
      const by = principalOf(c, 'editor');
      const { id, versionId } = c.req.valid('param');
      const cells = (c.req.valid('json').cells ?? null) as CellId[] | null;
      const became = await versions.restore(id, versionId, cells, by.userId);
      await audit(pool, by.userId, 'version-restore', id, { version: versionId });
      return c.json({ id: became }, 200);
    })
    .openapi(paths.authors, async (c) => {
      principalOf(c);
      const { id, versionId } = c.req.valid('param');
      return c.json(await versions.authorsSince(id, versionId), 200);
    })
    .openapi(paths.blame, async (c) => {
      principalOf(c);
      const { id } = c.req.valid('param');
      const room = await rooms.open(id);
      await room.settled();
      return c.json(await blameOf(pool, id, room.doc), 200);
    });
}

import { createRoute, z } from '@hono/zod-openapi';
import { Fault } from '@datacraft/shared';
import { createLink, LINK_COOKIE, identifyLink, revokeLink } from '../auth/notebook-links.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { loadNotebook, loadPresent } from '../store/notebooks.ts';
import {
  createGroup,
  listGroups,
  loadSharing,
  removeGroup,
  setAccess,
  setGrant,
  setMembers,
} from '../store/sharing.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import { nameSchema, openedSchema, roleSchema } from './schema.ts';

const tags = ['Sharing'];
const accessSchema = z.enum(['workspace', 'invited']);
const grantSchema = z.object({
  userId: z.string().nullable(),
  groupId: z.string().nullable(),
  name: z.string(),
  role: roleSchema,
});
const linkSchema = z.object({ id: z.string(), createdAt: z.string(), createdBy: z.string().nullable() });
const sharingSchema = z
  .object({ access: accessSchema, grants: z.array(grantSchema), links: z.array(linkSchema) })
  .openapi('NotebookSharing');
const groupSchema = z.object({ id: z.string(), name: z.string(), userIds: z.array(z.string()) }).openapi('Group');
const grantBody = z
  .strictObject({ userId: z.string().optional(), groupId: z.string().optional(), role: roleSchema.nullable() })
  .refine((body) => (body.userId === undefined) !== (body.groupId === undefined), 'expected userId or groupId');
const linkParams = z.object({ id: z.string().max(64), linkId: z.string().max(64) });
const done = { ...nothing, ...problems };

const paths = {
  sharing: createRoute({
    method: 'get',
    path: '/notebooks/{id}/sharing',
    tags,
    summary: 'Who may do what in this notebook (viewer)',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Sharing', sharingSchema), ...problems },
  }),
  access: createRoute({
    method: 'patch',
    path: '/notebooks/{id}/sharing',
    tags,
    summary: 'For the workspace, or for invited people only (owner of the notebook)',
    request: { params: idParam, body: jsonBody(z.strictObject({ access: accessSchema })) },
    responses: done,
  }),
  grant: createRoute({
    method: 'put',
    path: '/notebooks/{id}/grants',
    tags,
    summary: 'Give a person or a group a role in this notebook; null takes it back (owner of the notebook)',
    request: { params: idParam, body: jsonBody(grantBody) },
    responses: done,
  }),
  createLink: createRoute({
    method: 'post',
    path: '/notebooks/{id}/links',
    tags,
    summary: 'A read-only link without account; its address is shown once (owner of the notebook)',
    request: { params: idParam },
    responses: { 201: jsonAnswer('Link', z.object({ id: z.string(), url: z.string() })), ...problems },
  }),
  revokeLink: createRoute({
    method: 'delete',
    path: '/notebooks/{id}/links/{linkId}',
    tags,
    summary: 'Revoke a read-only link (owner of the notebook)',
    request: { params: linkParams },
    responses: done,
  }),
  openLink: createRoute({
    method: 'post',
    path: '/notebook-links/{token}',
    tags,
    summary: 'Come in by a read-only link',
    request: { params: z.object({ token: z.string().max(200) }) },
    responses: { 200: jsonAnswer('The notebook', openedSchema), ...problems },
  }),
  groups: createRoute({
    method: 'get',
    path: '/groups',
    tags,
    summary: 'Groups of people',
    responses: { 200: jsonAnswer('Groups', z.array(groupSchema)), ...problems },
  }),
  createGroup: createRoute({
    method: 'post',
    path: '/groups',
    tags,
    summary: 'Create a group (owner)',
    request: { body: jsonBody(z.strictObject({ name: nameSchema })) },
    responses: { 201: jsonAnswer('Created', z.object({ id: z.string() })), ...problems },
  }),
  setMembers: createRoute({
    method: 'put',
    path: '/groups/{id}/members',
    tags,
    summary: 'Who is in a group (owner)',
    request: { params: idParam, body: jsonBody(z.strictObject({ userIds: z.array(z.string()).max(10_000) })) },
    responses: done,
  }),
  removeGroup: createRoute({
    method: 'delete',
    path: '/groups/{id}',
    tags,
    summary: 'Remove a group and what it was given (owner)',
    request: { params: idParam },
    responses: done,
  }),
};

export function sharingRoutes({ pool, bus, config }: Deps) {
  const tell = (notebookId: string | null) => bus.publish('access', { notebookId });
  return newRoutes()
    .openapi(paths.sharing, async (c) => {
      principalOf(c, 'viewer');
      const { id } = c.req.valid('param');
      await loadPresent(pool, id);
      return c.json(await loadSharing(pool, id), 200);
    })
    .openapi(paths.access, async (c) => {
      const by = principalOf(c, 'owner');
      const { id } = c.req.valid('param');
      await loadPresent(pool, id);
      await setAccess(pool, by, id, c.req.valid('json').access);
      await tell(id);
      return c.body(null, 204);
    })
    .openapi(paths.grant, async (c) => {
      const by = principalOf(c, 'owner');
      const { id } = c.req.valid('param');
      await loadPresent(pool, id);
      const { role, ...subject } = c.req.valid('json');
      await setGrant(pool, by, id, subject, role);
      await tell(id);
      return c.body(null, 204);
    })
    .openapi(paths.createLink, async (c) => {
      const by = principalOf(c, 'owner');
      const { id } = c.req.valid('param');
      await loadPresent(pool, id);
      return c.json(await createLink(pool, by, id), 201);
    })
    .openapi(paths.revokeLink, async (c) => {
      const by = principalOf(c, 'owner');
      const { id, linkId } = c.req.valid('param');
      await revokeLink(pool, by, id, linkId);
      await tell(id);
      return c.body(null, 204);
    })
    .openapi(paths.openLink, async (c) => {
      const { token } = c.req.valid('param');
      const guest = await identifyLink(pool, token);
      if (!guest?.notebookId) throw new Fault('not-found', 'this link is over or was revoked; ask for a new one');
      const secure = config.publicUrl?.startsWith('https:') ? '; Secure' : '';
      c.header('set-cookie', `${LINK_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax${secure}`);
      return c.json({ ...(await loadNotebook(pool, guest.notebookId)), myRole: guest.role }, 200);
    })
    .openapi(paths.groups, async (c) => {
      principalOf(c);
      return c.json(await listGroups(pool), 200);
    })
    .openapi(paths.createGroup, async (c) =>
      c.json({ id: await createGroup(pool, principalOf(c, 'owner'), c.req.valid('json').name) }, 201),
    )
    .openapi(paths.setMembers, async (c) => {
      await setMembers(pool, principalOf(c, 'owner'), c.req.valid('param').id, c.req.valid('json').userIds);
      await tell(null);
      return c.body(null, 204);
    })
    .openapi(paths.removeGroup, async (c) => {
      await removeGroup(pool, principalOf(c, 'owner'), c.req.valid('param').id);
      await tell(null);
      return c.body(null, 204);
    });
}

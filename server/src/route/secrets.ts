import { createRoute, z } from '@hono/zod-openapi';
import { Fault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { openSecrets } from '../secret/remote-access.ts';
import { jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';

const tags = ['Secrets'];
const nameParam = z.object({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/, 'expected letters, digits, _, . and -'),
});
const hosts = z.array(z.string().max(255)).max(50);
const listing = z
  .object({ name: z.string(), hosts: z.array(z.string()), updatedAt: z.string(), updatedBy: z.string().nullable() })
  .openapi('Secret');

const paths = {
  list: createRoute({
    method: 'get',
    path: '/secrets',
    tags,
    summary: 'Names of stored secrets; their values are never shown (editor)',
    responses: { 200: jsonAnswer('Secrets', z.array(listing)), ...problems },
  }),
  set: createRoute({
    method: 'put',
    path: '/secrets/{name}',
    tags,
    summary: 'Store a secret, for cells to use as secret://name, and the hosts it may be sent to (editor)',
    request: {
      params: nameParam,
      body: jsonBody(z.strictObject({ value: z.string().min(1).max(65_536), hosts: hosts.optional() })),
    },
    responses: { ...nothing, ...problems },
  }),
  bind: createRoute({
    method: 'patch',
    path: '/secrets/{name}',
    tags,
    summary: 'Change the hosts that a stored secret may be sent to, without giving its value (owner)',
    request: { params: nameParam, body: jsonBody(z.strictObject({ hosts })) },
    responses: { ...nothing, ...problems },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/secrets/{name}',
    tags,
    summary: 'Delete a secret (editor)',
    request: { params: nameParam },
    responses: { ...nothing, ...problems },
  }),
};

export function secretRoutes(deps: Deps) {
  const secrets = openSecrets(deps.config, deps.pool);
  return newRoutes()
    .openapi(paths.list, async (c) => {
      principalOf(c, 'editor');
      return c.json(
        (await secrets.list()).map((each) => ({ ...each, hosts: [...each.hosts] })),
        200,
      );
    })
    .openapi(paths.set, async (c) => {
      const by = principalOf(c, 'editor');
      const { name } = c.req.valid('param');
      const { value, hosts: to } = c.req.valid('json');
      await secrets.set(name, value, by.userId, to);
      await audit(deps.pool, by.userId, 'secret-set', name, to ? { hosts: to.join(' ') } : {});
      return c.body(null, 204);
    })
    .openapi(paths.bind, async (c) => {
      const by = principalOf(c, 'owner');
      const { name } = c.req.valid('param');
      const { hosts: to } = c.req.valid('json');
      if (!(await secrets.bind(name, to))) throw new Fault('not-found', say('there is no secret {name}', { name }));
      await audit(deps.pool, by.userId, 'secret-bind', name, { hosts: to.join(' ') });
      return c.body(null, 204);
    })
    .openapi(paths.remove, async (c) => {
      const by = principalOf(c, 'editor');
      const { name } = c.req.valid('param');
      if (!(await secrets.remove(name))) throw new Fault('not-found', say('there is no secret {name}', { name }));
      await audit(deps.pool, by.userId, 'secret-delete', name);
      return c.body(null, 204);
    });
}

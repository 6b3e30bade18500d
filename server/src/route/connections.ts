import { createRoute, z } from '@hono/zod-openapi';
import { checkTlsOfConnection, inspectDatabase } from '@datacraft/engine';
import { Fault, isFault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import { checkMailServer, smtpConfig } from '../mail/connection.ts';
import { principalOf } from '../middleware/authenticate.ts';
import {
  listConnections,
  loadConnection,
  recordCheck,
  removeConnection,
  saveConnection,
} from '../secret/connections.ts';
import { createRemoteAccess } from '../secret/remote-access.ts';
import { jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';

const tags = ['Connections'];
const nameParam = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'expected a name such as shop_db: lower-case letters, digits and _'),
});
const secret = z.string().regex(/^secret:\/\/[A-Za-z0-9_.-]{1,100}$/, 'expected a stored secret, as secret://name');
const openUrl = z.string().regex(/^[a-z]+:\/\/(?![^/]*:[^/]*@)/, 'a URL with a password in it belongs into a secret');
const config = z.strictObject({
  url: z.union([secret, openUrl]).exactOptional(),
  host: z.string().min(1).max(255).exactOptional(),
  port: z.int().min(1).max(65_535).exactOptional(),
  database: z.string().min(1).max(255).exactOptional(),
  user: z.string().min(1).max(255).exactOptional(),
  password: secret.exactOptional(),
  sslmode: z.enum(['disable', 'prefer', 'require', 'verify-full']).exactOptional(),
});
const storeConfig = z.strictObject({
  endpoint: z.union([secret, z.url({ protocol: /^https?$/ })]).exactOptional(),
  region: z.string().min(1).max(100).exactOptional(),
  bucket: z.string().min(1).max(255).exactOptional(),
  access_key: z.string().min(1).max(255).exactOptional(),
  secret_key: secret.exactOptional(),
  session_token: secret.exactOptional(),
});
const brokersText = z
  .string()
  .regex(/^\s*[^\s:,]+:\d{1,5}(\s*,\s*[^\s:,]+:\d{1,5})*\s*$/, 'expected brokers as host:port, with commas between');
const pem = z.string().min(1).max(200_000);
const kafkaConfig = z.strictObject({
  brokers: brokersText,
  security: z.enum(['none', 'tls']).exactOptional(),
  mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).exactOptional(),
  user: z.string().min(1).max(255).exactOptional(),
  password: secret.exactOptional(),
  ca: pem.exactOptional(),
  certificate: pem.exactOptional(),
  key: secret.exactOptional(),
  registry: z.url({ protocol: /^https?$/ }).exactOptional(),
  registry_user: z.string().min(1).max(255).exactOptional(),
  registry_password: secret.exactOptional(),
});
const streamConfig = z.strictObject({
  region: z.string().min(1).max(100).exactOptional(),
  endpoint: z.url({ protocol: /^https?$/ }).exactOptional(),
  access_key: z.string().min(1).max(255),
  secret_key: secret,
  session_token: secret.exactOptional(),
});
const about = {
  description: z.string().max(2000).default(''),
  tags: z.array(z.string().min(1).max(100)).max(50).default([]),
};
const connectionWords = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.enum(['postgres', 'mysql']),
      config: config.refine(
        (given) => (given.url === undefined) !== (given.host === undefined),
        'expected url or host',
      ),
      ...about,
    }),
    z.strictObject({ type: z.literal('s3'), config: storeConfig, ...about }),
    z.strictObject({ type: z.literal('kafka'), config: kafkaConfig, ...about }),
    z.strictObject({ type: z.literal('kinesis'), config: streamConfig, ...about }),
    z.strictObject({ type: z.literal('smtp'), config: smtpConfig, ...about }),
  ])
  .openapi('ConnectionWords');
const listing = z
  .object({
    name: z.string(),
    type: z.string(),
    config: z.record(z.string(), z.union([z.string(), z.number()])),
    description: z.string(),
    tags: z.array(z.string()),
    owner: z.string().nullable(),
    updatedAt: z.string(),
    checkedAt: z.string().nullable(),
    checkError: z.string().nullable(),
  })
  .openapi('Connection');
const table = z.object({
  name: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
});
const checked = z
  .object({ ok: z.boolean(), error: z.string().nullable(), tables: z.array(table) })
  .openapi('ConnectionCheck');

const paths = {
  list: createRoute({
    method: 'get',
    path: '/connections',
    tags,
    summary: 'Stored connections, by name; secrets are named, never shown (editor)',
    responses: { 200: jsonAnswer('Connections', z.array(listing)), ...problems },
  }),
  save: createRoute({
    method: 'put',
    path: '/connections/{name}',
    tags,
    summary: 'Make or change a connection, for cells to use as connection: name (editor)',
    request: { params: nameParam, body: jsonBody(connectionWords) },
    responses: { ...nothing, ...problems },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/connections/{name}',
    tags,
    summary: 'Delete a connection; cells that use it fail from then on (editor)',
    request: { params: nameParam },
    responses: { ...nothing, ...problems },
  }),
  check: createRoute({
    method: 'post',
    path: '/connections/{name}/check',
    tags,
    summary: 'Connect, and list the tables and columns that can be read (editor)',
    request: { params: nameParam },
    responses: { 200: jsonAnswer('What came of it', checked), ...problems },
  }),
};

export function connectionRoutes(deps: Deps) {
  const { pool } = deps;
  const remote = createRemoteAccess(deps.config, pool);
  return newRoutes()
    .openapi(paths.list, async (c) => {
      principalOf(c, 'editor');
      return c.json(
        (await listConnections(pool)).map((each) => ({
          ...each,
          tags: [...each.tags],
          config: each.config as Record<string, string | number>,
        })),
        200,
      );
    })
    .openapi(paths.save, async (c) => {
      const by = principalOf(c, 'editor');
      const { name } = c.req.valid('param');
      const words = c.req.valid('json');
      if (words.type === 'kafka') await checkTlsOfConnection(words.config, remote);
      await saveConnection(pool, name, words, by.userId);
      await audit(pool, by.userId, 'connection-set', name);
      return c.body(null, 204);
    })
    .openapi(paths.remove, async (c) => {
      const by = principalOf(c, 'editor');
      const { name } = c.req.valid('param');
      if (!(await removeConnection(pool, name)))
        throw new Fault('not-found', say('there is no connection {name}', { name }));
      await audit(pool, by.userId, 'connection-delete', name);
      return c.body(null, 204);
    })
    .openapi(paths.check, async (c) => {
      principalOf(c, 'editor');
      const connection = await loadConnection(pool, c.req.valid('param').name);
      try {
        const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(30_000)]);
        const tables =
          connection.type === 'smtp'
            ? (await checkMailServer(connection, remote), [])
            : await inspectDatabase(connection, remote, signal);
        await recordCheck(pool, connection.name, null);
        return c.json(
          { ok: true, error: null, tables: tables.map((each) => ({ ...each, columns: [...each.columns] })) },
          200,
        );
      } catch (error) {
        if (!isFault(error)) throw error;
        await recordCheck(pool, connection.name, error.message);
        return c.json({ ok: false, error: error.message, tables: [] }, 200);
      }
    });
}

/** What a cell would send to a Kafka topic, and its schema registered before it does. */
import { createRoute, z } from '@hono/zod-openapi';
import { countPartitions, registerSchemaOf, schemaOf, withCell } from '@datacraft/engine';
import type { Producer } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { createRemoteAccess } from '../secret/remote-access.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { cellOf } from './cells.ts';

const path = createRoute({
  method: 'post',
  path: '/notebooks/{id}/cells/{cellId}/producer',
  tags: ['Streams'],
  summary:
    'The schema that rows of a cell have in a Kafka topic, and how many partitions that has; with `register` it is registered (editor)',
  request: {
    params: z.object({ id: z.string().max(64), cellId: z.string().max(64) }),
    body: jsonBody(
      z.strictObject({
        connection: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'expected the name of a connection'),
        topic: z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected the name of a topic'),
        format: z.enum(['json', 'json_schema', 'avro']).default('json'),
        register: z.boolean().default(false),
      }),
    ),
  },
  responses: { 200: jsonAnswer('Producer', z.custom<Producer>().openapi('Producer', { type: 'object' })), ...problems },
});

export function producerRoutes(engine: ServerEngine) {
  return (deps: Deps) => {
    const remote = createRemoteAccess(deps.config, deps.pool);
    return newRoutes().openapi(path, async (c) => {
      const by = principalOf(c, 'editor');
      const { id, cellId } = c.req.valid('param');
      const { register, ...asked } = c.req.valid('json');
      const read = { ...(await cellOf(id, cellId, engine, deps, c.req.raw.signal)), params: {} };
      const columns = await withCell(read, await engine.readingIn(id), ({ session, select }) =>
        session.describe(select),
      );
      const request = { ...asked, name: read.cell, columns };
      const made = schemaOf(request);
      const partitions = await countPartitions(asked, remote);
      const registered = register ? await registerSchemaOf(request, remote) : null;
      if (registered) await audit(deps.pool, by.userId, 'schema-register', registered.subject, { id: registered.id });
      const schema = made && { subject: `${asked.topic}-value`, type: made.schemaType, text: made.schema };
      return c.json({ columns: [...columns], partitions, schema, id: registered?.id ?? null }, 200);
    });
  };
}

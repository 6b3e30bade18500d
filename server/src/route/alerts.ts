/** What fires, who took it, and silences. */
import { createRoute, z } from '@hono/zod-openapi';
import { databaseOf } from '@datacraft/engine';
import type { AlertIncident, AlertSilence } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { acknowledge } from '../alert/incidents.ts';
import { listIncidents } from '../alert/listing.ts';
import { addSilence, endSilence, listSilences } from '../alert/silences.ts';
import { audit } from '../auth/audit.ts';
import { visibleNotebooks } from '../auth/permission.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';

const tags = ['Alerts'];
const incident = z.custom<AlertIncident>().openapi('AlertIncident', { type: 'object' });
const silence = z.custom<AlertSilence>().openapi('AlertSilence', { type: 'object' });
const optional = z.string().min(1).max(300).nullable().default(null);
const newSilence = z.strictObject({
  ruleId: optional,
  notebookId: optional,
  table: optional,
  reason: z.string().min(1).max(500),
  minutes: z
    .int()
    .min(1)
    .max(60 * 24 * 90),
});

const paths = {
  list: createRoute({
    method: 'get',
    path: '/alerts',
    tags,
    summary: 'Incidents with their alerts and messages, newest first',
    request: {
      query: z.object({
        state: z.enum(['open', 'closed', 'all']).default('open'),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
    },
    responses: { 200: jsonAnswer('Incidents', z.array(incident)), ...problems },
  }),
  acknowledge: createRoute({
    method: 'post',
    path: '/alerts/{id}/acknowledge',
    tags,
    summary: 'Take an incident: it is not escalated any more (runner)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
  silences: createRoute({
    method: 'get',
    path: '/alert-silences',
    tags,
    summary: 'Silences that hold',
    responses: { 200: jsonAnswer('Silences', z.array(silence)), ...problems },
  }),
  silence: createRoute({
    method: 'post',
    path: '/alert-silences',
    tags,
    summary: 'Tell nobody of alerts that match all that is given, for some minutes (editor)',
    request: { body: jsonBody(newSilence) },
    responses: { 201: jsonAnswer('Added', z.object({ id: z.string() })), ...problems },
  }),
  end: createRoute({
    method: 'delete',
    path: '/alert-silences/{id}',
    tags,
    summary: 'End a silence now; what still fires is told (editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
};

export function alertRoutes({ pool }: Deps) {
  const db = databaseOf(pool);
  return newRoutes()
    .openapi(paths.list, async (c) => {
      const by = principalOf(c);
      const visible = await visibleNotebooks(pool, by.userId);
      return c.json(await listIncidents(db, { ...c.req.valid('query'), visible }), 200);
    })
    .openapi(paths.acknowledge, async (c) => {
      const by = principalOf(c, 'runner');
      const { id } = c.req.valid('param');
      const visible = await visibleNotebooks(pool, by.userId);
      const [found] = await listIncidents(db, { state: 'open', limit: 1, visible, id });
      if (!found || !(await acknowledge(db, id, by.userId)))
        throw new Fault('not-found', say('there is no open incident {id}; it may be over', { id }));
      await audit(pool, by.userId, 'alert-acknowledge', id);
      return c.body(null, 204);
    })
    .openapi(paths.silences, async (c) => {
      principalOf(c);
      return c.json(await listSilences(db), 200);
    })
    .openapi(paths.silence, async (c) => {
      const by = principalOf(c, 'editor');
      const asked = c.req.valid('json');
      const id = await addSilence(db, asked, by.userId);
      await audit(pool, by.userId, 'alert-silence', id, { minutes: asked.minutes, reason: asked.reason });
      return c.json({ id }, 201);
    })
    .openapi(paths.end, async (c) => {
      const by = principalOf(c, 'editor');
      const { id } = c.req.valid('param');
      if (!(await endSilence(db, id))) throw new Fault('not-found', say('there is no silence {id} that holds', { id }));
      await audit(pool, by.userId, 'alert-silence-end', id);
      return c.body(null, 204);
    });
}

/** What starts a published version beside its schedule. Whoever has a webhook's token may fire it, and nothing else. */
import { createRoute, z } from '@hono/zod-openapi';
import { loadRun, spanMs } from '@datacraft/engine';
import type { TriggerConfig, TriggerKind, TriggerSummary } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import { createRate } from '../dashboard/rate.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { publishFirst } from '../pipeline/publish-first.ts';
import { startPublished } from '../pipeline/start-published.ts';
import { addTrigger, listTriggers, recordFiring, removeTrigger, triggerOfToken } from '../store/triggers.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import { paramsSchema } from './params.ts';

const tags = ['Pipelines'];
const text = z.string().min(1).max(2_000);
const configSchema = z.strictObject({
  tables: z.array(text).min(1).max(50).optional(),
  mode: z.enum(['any', 'all']).optional(),
  path: text.optional(),
  sql: text.optional(),
  url: text.optional(),
  table: text.optional(),
  max_age: text.optional(),
  model: text.optional(),
  psi: z.number().positive().max(100).optional(),
  rows: z.int().min(1).max(100_000).optional(),
  every: text.optional(),
  again: text.optional(),
  timeout: text.optional(),
});
const newTrigger = z.strictObject({
  kind: z.enum(['webhook', 'update', 'file', 'sql', 'http', 'freshness', 'drift']),
  config: configSchema.default({}),
  /** Whether a notebook without a published version is published as it is. */
  publish: z.boolean().default(false),
});
const needed: Readonly<Record<TriggerKind, readonly (keyof TriggerConfig)[]>> = {
  webhook: [],
  update: ['tables'],
  file: ['path'],
  sql: ['sql'],
  http: ['url'],
  freshness: ['table', 'max_age'],
  drift: ['model'],
};

const paths = {
  list: createRoute({
    method: 'get',
    path: '/notebooks/{id}/triggers',
    tags,
    summary: 'What starts the published version beside its schedule',
    request: { params: idParam },
    responses: {
      200: jsonAnswer('Triggers', z.array(z.custom<TriggerSummary>().openapi('TriggerSummary', { type: 'object' }))),
      ...problems,
    },
  }),
  add: createRoute({
    method: 'post',
    path: '/notebooks/{id}/triggers',
    tags,
    summary: 'Add a trigger; the token of a webhook is answered once (editor)',
    request: { params: idParam, body: jsonBody(newTrigger) },
    responses: {
      201: jsonAnswer('Added', z.object({ id: z.string(), token: z.string().nullable(), url: z.string().nullable() })),
      ...problems,
    },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/triggers/{id}',
    tags,
    summary: 'Remove a trigger (editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
  fire: createRoute({
    method: 'post',
    path: '/triggers/{token}',
    tags,
    summary: 'Fire a webhook; `Idempotency-Key` or `dedupe` makes a repeated call start one run',
    request: {
      params: z.object({ token: z.string().max(200) }),
      body: {
        ...jsonBody(z.strictObject({ params: paramsSchema.optional(), dedupe: z.string().max(200).optional() })),
        required: false,
      },
    },
    responses: { 202: jsonAnswer('Queued', z.object({ runId: z.string() })), ...problems },
  }),
};

export function triggerRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ rooms, pool, now, live, versions, bus }: Deps) => {
    const rate = createRate(now);
    return newRoutes()
      .openapi(paths.list, async (c) => {
        principalOf(c);
        const { id } = c.req.valid('param');
        await rooms.notebook(id);
        return c.json(await listTriggers(db, id), 200);
      })
      .openapi(paths.add, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const document = await rooms.notebook(id);
        const { kind, config, publish } = c.req.valid('json');
        const checked = checkedConfig(kind, config as TriggerConfig);
        const { added, isFirst } = await db.transaction(async (tx) => ({
          isFirst: publish && (await publishFirst(tx, { notebookId: id, document, by: by.userId })),
          added: await addTrigger(tx, { notebookId: id, kind, config: checked, by: by.userId }),
        }));
        if (isFirst) {
          await versions.keep(id, 'publish', by.userId);
          await bus.publish('schedules', { notebookId: id });
          await audit(pool, by.userId, 'dashboard-publish', id);
        }
        await audit(pool, by.userId, 'trigger-add', id, { kind });
        const url = added.token === null ? null : `${new URL(c.req.url).origin}/api/v1/triggers/${added.token}`;
        return c.json({ ...added, url }, 201);
      })
      .openapi(paths.remove, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const notebookId = await removeTrigger(db, id);
        if (notebookId === null) throw new Fault('not-found', say('there is no trigger {id}', { id }));
        await audit(pool, by.userId, 'trigger-remove', notebookId);
        return c.body(null, 204);
      })
      .openapi(paths.fire, async (c) => {
        rate.take(c.env.remoteAddress);
        const trigger = await triggerOfToken(db, c.req.valid('param').token);
        if (!trigger) throw new Fault('not-found', 'no webhook has this token; it may have been removed');
        const { params, dedupe } = c.req.valid('json') ?? {};
        const fresh = newId<string>('run');
        const dedupeToken = dedupe ?? c.req.header('idempotency-key') ?? fresh;
        const runId = await db.transaction(async (tx) => {
          const before = await recordFiring(tx, { triggerId: trigger.id, dedupeToken, runId: fresh });
          if (before !== null) return before;
          const start = { notebookId: trigger.notebookId, trigger: 'webhook', runId: fresh } as const;
          return startPublished(tx, { ...start, ...(params ? { params } : {}) });
        });
        const run = await loadRun(db, runId);
        if (run) await live.publish(trigger.notebookId, { type: 'run', run });
        return c.json({ runId }, 202);
      });
  };
}

function checkedConfig(kind: TriggerKind, config: TriggerConfig): TriggerConfig {
  const missing = needed[kind].find((key) => config[key] === undefined);
  if (missing !== undefined)
    throw new Fault('bad-request', say('a trigger of kind {kind} needs `{missing}`', { kind, missing }));
  for (const length of [config.every, config.timeout, config.max_age, config.again])
    if (length !== undefined) spanMs(length);
  return config;
}

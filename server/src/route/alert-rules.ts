import { createRoute, z } from '@hono/zod-openapi';
import { spanMs, withQuery } from '@datacraft/engine';
import type { AlertRule, AlertRuleConfig, AlertRuleKind, AlertRuleWords } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { ofItsModel } from '../alert/model-rule.ts';
import { addRule, changeRule, listRules, removeRule } from '../alert/rules.ts';
import { audit } from '../auth/audit.ts';
import { visibleNotebooks, within } from '../auth/permission.ts';
import type { Principal } from '../auth/principal.ts';
import { demandRole } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';

const tags = ['Alerts'];
const text = z.string().min(1).max(2_000);
const config = z.strictObject({
  metric: text.optional(),
  labels: z.record(z.string().max(100), z.string().max(300)).optional(),
  op: z.enum(['>', '>=', '<', '<=', '==', '!=']).optional(),
  value: z.number().optional(),
  sql: z.string().min(1).max(20_000).optional(),
  table: text.optional(),
  warnings: z.boolean().optional(),
  notebook: text.optional(),
  within: text.optional(),
  lookback: text.optional(),
  max_age: text.optional(),
  max_lag: z.int().min(0).optional(),
  stalled: text.optional(),
  period: z.int().min(1).max(1_000).optional(),
  level: z.number().min(0.5).max(0.9999).optional(),
  model: text.optional(),
  psi: z.number().min(0).max(100).optional(),
  rows: z.int().min(1).max(100_000).optional(),
});
const words = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    kind: z.enum(['metric', 'sql', 'check', 'run', 'deadline', 'freshness', 'stream', 'deviation', 'drift']),
    config: config.default({}),
    severity: z.enum(['info', 'warning', 'critical']).default('warning'),
    forSeconds: z
      .int()
      .min(0)
      .max(7 * 86_400)
      .default(0),
    everySeconds: z.int().min(1).max(86_400).default(5),
    channels: z.array(z.string().max(64)).max(50).default([]),
    escalateAfterSeconds: z
      .int()
      .min(1)
      .max(30 * 86_400)
      .nullable()
      .default(null),
    escalateChannels: z.array(z.string().max(64)).max(50).default([]),
    enabled: z.boolean().default(true),
  })
  .openapi('AlertRuleWords');
const listing = z.custom<AlertRule>().openapi('AlertRule', { type: 'object' });

const needed: Readonly<Record<AlertRuleKind, readonly (keyof AlertRuleConfig)[]>> = {
  metric: ['metric', 'op', 'value'],
  sql: ['sql'],
  check: [],
  run: [],
  deadline: ['notebook', 'within'],
  freshness: ['table', 'max_age'],
  stream: [],
  deviation: [],
  drift: ['model'],
};
const taken: Readonly<Record<AlertRuleKind, readonly (keyof AlertRuleConfig)[]>> = {
  metric: ['metric', 'labels', 'op', 'value'],
  sql: ['sql'],
  check: ['table', 'warnings'],
  run: ['notebook'],
  deadline: ['notebook', 'within', 'lookback'],
  freshness: ['table', 'max_age'],
  stream: ['notebook', 'max_lag', 'stalled'],
  deviation: ['sql', 'metric', 'model', 'labels', 'period', 'level', 'notebook'],
  drift: ['model', 'psi', 'rows', 'notebook'],
};

const paths = {
  list: createRoute({
    method: 'get',
    path: '/alert-rules',
    tags,
    summary: 'Alert rules, and how each stands',
    responses: { 200: jsonAnswer('Rules', z.array(listing)), ...problems },
  }),
  add: createRoute({
    method: 'post',
    path: '/alert-rules',
    tags,
    summary: 'Add a rule (editor)',
    request: { body: jsonBody(words) },
    responses: { 201: jsonAnswer('Added', z.object({ id: z.string() })), ...problems },
  }),
  change: createRoute({
    method: 'put',
    path: '/alert-rules/{id}',
    tags,
    summary: 'Change a rule (editor)',
    request: { params: idParam, body: jsonBody(words) },
    responses: { ...nothing, ...problems },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/alert-rules/{id}',
    tags,
    summary: 'Delete a rule; what fires by it is over (editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
};

export function alertRuleRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ pool }: Deps) =>
    newRoutes()
      .openapi(paths.list, async (c) => {
        const by = principalOf(c);
        const visible = await visibleNotebooks(pool, by.userId);
        const rules = await listRules(db);
        return c.json(
          rules.filter(({ config: { notebook } }) => notebook === undefined || visible.has(notebook)),
          200,
        );
      })
      .openapi(paths.add, async (c) => {
        const by = principalOf(c, 'editor');
        const asked = await ofItsModel(c.req.valid('json') as AlertRuleWords, by, engine, pool);
        await check(asked, by, engine, pool);
        const id = await addRule(db, asked, by.userId);
        await audit(pool, by.userId, 'alert-rule-add', id, { kind: asked.kind, name: asked.name });
        return c.json({ id }, 201);
      })
      .openapi(paths.change, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        await demandRule(id, by, engine, pool);
        const asked = await ofItsModel(c.req.valid('json') as AlertRuleWords, by, engine, pool);
        await check(asked, by, engine, pool);
        await db.transaction((tx) => changeRule(tx, id, asked, by.userId));
        await audit(pool, by.userId, 'alert-rule-change', id, { kind: asked.kind, name: asked.name });
        return c.body(null, 204);
      })
      .openapi(paths.remove, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        await demandRule(id, by, engine, pool);
        await db.transaction((tx) => removeRule(tx, id));
        await audit(pool, by.userId, 'alert-rule-remove', id);
        return c.body(null, 204);
      });
}

async function demandRule(id: string, by: Principal, { run: { db } }: ServerEngine, pool: Deps['pool']): Promise<void> {
  const rule = (await listRules(db)).find((each) => each.id === id);
  if (!rule) throw new Fault('not-found', say('there is no alert rule {id}', { id }));
  const { notebook } = rule.config;
  if (notebook !== undefined) demandRole(await within(pool, by, notebook), 'editor');
}

/** What could never be looked at is refused now, not at each look. */
async function check(
  { kind, config: given, channels, escalateChannels }: AlertRuleWords,
  by: Principal,
  engine: ServerEngine,
  pool: Deps['pool'],
): Promise<void> {
  const { db } = engine.run;
  const missing = needed[kind].find((key) => given[key] === undefined);
  if (missing !== undefined)
    throw new Fault('bad-request', say('a rule of kind {kind} needs `{missing}`', { kind, missing }), {
      field: missing,
    });
  const extra = Object.keys(given).find((key) => !taken[kind].some((known) => known === key));
  if (extra !== undefined)
    throw new Fault('bad-request', say('a rule of kind {kind} does not take `{extra}`', { kind, extra }), {
      field: extra,
    });
  const series = [given.sql, given.metric, given.model].filter((each) => each !== undefined);
  if (kind === 'deviation' && series.length !== 1)
    throw new Fault('bad-request', 'a rule of kind deviation takes one of `sql`, `metric` and `model`', {
      field: 'sql',
    });
  for (const length of [given.within, given.lookback, given.max_age, given.stalled])
    if (length !== undefined) spanMs(length);
  if (given.notebook !== undefined) demandRole(await within(pool, by, given.notebook), 'editor');
  if (given.sql !== undefined)
    await withQuery({ sql: given.sql, timeoutMs: 30_000 }, await engine.readingAs(by), () => Promise.resolve());
  const named = [...new Set([...channels, ...escalateChannels])];
  const { rows } = await db.query<{ id: string }>('select id from alert_channels where id = any ($1)', [named]);
  const unknown = named.find((id) => !rows.some((row) => row.id === id));
  if (unknown !== undefined)
    throw new Fault('bad-request', say('there is no channel {id}', { id: unknown }), { field: 'channels' });
}

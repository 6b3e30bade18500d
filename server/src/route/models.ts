import { createRoute, z } from '@hono/zod-openapi';
import type { Prediction, RegisteredModel } from '@datacraft/engine';
import { listChampions, listPromotions, loadModelVersions, promoteModel } from '@datacraft/engine';
import type { ModelInfo, ModelListing } from '@datacraft/shared';
import { Fault, newId, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import { permission } from '../auth/permission.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName } from '../middleware/notebook-gate.ts';
import { keptOf } from '../model/kept.ts';
import { lookUp } from '../model/look-up.ts';
import { OnlineReader } from '../model/online-reader.ts';
import type { PredictionLog } from '../model/prediction-log.ts';
import type { Scorers } from '../model/scorers.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

const tags = ['Models'];
const MAX_ROWS = 10_000;
export const nameParam = z.object({ name: z.string().max(200) });
export const modelQuery = z.object({
  /** A number, `champion` (default) or `challenger`. */
  version: z
    .string()
    .regex(/^(\d{1,9}|champion|challenger)$/, 'expected a number, champion or challenger')
    .optional(),
});
const anything = z.record(z.string(), z.unknown());

const paths = {
  list: createRoute({
    method: 'get',
    path: '/models',
    tags,
    summary: 'Models, each by the version that answers',
    responses: { 200: jsonAnswer('Models', z.array(anything)), ...problems },
  }),
  info: createRoute({
    method: 'get',
    path: '/models/{name}',
    tags,
    summary: 'A model: what it predicts, what it wants to know, how well it does, and its versions',
    request: { params: nameParam, query: modelQuery },
    responses: { 200: jsonAnswer('The model', anything), ...problems },
  }),
  predict: createRoute({
    method: 'post',
    path: '/models/{name}/predict',
    tags,
    summary: 'Score rows: { rows: [{…}] }, { row: {…} }, or one row itself',
    request: { params: nameParam, query: modelQuery, body: jsonBody(anything) },
    responses: { 200: jsonAnswer('Predictions', anything), ...problems },
  }),
  explain: createRoute({
    method: 'post',
    path: '/models/{name}/explain',
    tags,
    summary: 'What each feature adds to the answer for one row: exact Shapley values of trees',
    request: { params: nameParam, query: modelQuery, body: jsonBody(anything) },
    responses: { 200: jsonAnswer('The answer and why', anything), ...problems },
  }),
  promote: createRoute({
    method: 'post',
    path: '/models/{name}/promote',
    tags,
    summary: 'Make a version the champion; the one before becomes the challenger (editor)',
    request: { params: nameParam, body: jsonBody(z.strictObject({ version: z.int().min(1) })) },
    responses: { 200: jsonAnswer('The model', anything), ...problems },
  }),
};

export function modelRoutes(engine: ServerEngine, scorers: Scorers, log: PredictionLog) {
  const { db } = engine.run;
  const online = new OnlineReader(db);
  const tell = async (name: string, version: string) =>
    (await infoOf(engine, scorers, name, version)) as unknown as Record<string, unknown>;
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.list, async (c) => {
        const principal = principalOf(c);
        const found: ModelListing[] = [];
        for (const model of await listChampions(db)) {
          const role =
            model.notebookId === null ? principal.role : await permission(deps.pool, principal, model.notebookId);
          if (role !== null) found.push(listingOf(model));
        }
        return c.json(found as unknown as Record<string, unknown>[], 200);
      })
      .openapi(paths.info, async (c) => {
        principalOf(c);
        const { version = 'champion' } = c.req.valid('query');
        return c.json(await tell(modelName(c.req.valid('param').name), version), 200);
      })
      .openapi(paths.predict, async (c) => {
        const { userId } = principalOf(c);
        const name = modelName(c.req.valid('param').name);
        const { rows: given, one } = rowsOf(c.req.valid('json'));
        const { version, scorer } = await scorers.open(name, c.req.valid('query').version ?? 'champion');
        const rows = await lookUp(online, scorer.lookups, given);
        const predictions = scorer
          .predict(rows)
          .map((answer): Prediction & { id: string } => ({ ...answer, id: newId('prd') }));
        const known = new Set(scorer.inputs.map((input) => input.name));
        await log.add(
          predictions.map((answer, at) => ({
            key: answer.id,
            name,
            version,
            input: keptOf(rows[at], known),
            answer: keptOf(answer, known),
            userId,
          })),
        );
        const first: Prediction = (one ? predictions[0] : undefined) ?? {};
        return c.json({ model: name, version, ...first, predictions }, 200);
      })
      .openapi(paths.explain, async (c) => {
        principalOf(c);
        const name = modelName(c.req.valid('param').name);
        const { rows: given, one } = rowsOf(c.req.valid('json'));
        if (!one) throw new Fault('bad-request', 'one row is explained at a time: send it as { row: {…} }');
        const { version, scorer } = await scorers.open(name, c.req.valid('query').version ?? 'champion');
        const rows = await lookUp(online, scorer.lookups, given);
        const [first = {}] = scorer.predict(rows);
        const explanation = scorer.explain(rows[0]);
        return c.json({ model: name, version, ...first, explanation: { ...explanation, input: rows[0] } }, 200);
      })
      .openapi(paths.promote, async (c) => {
        const by = principalOf(c, 'editor');
        const name = modelName(c.req.valid('param').name);
        const { version } = c.req.valid('json');
        await scorers.open(name, String(version));
        if (!(await promoteModel(db, name, version, by.userId)))
          throw new Fault('not-found', say('the model {name} has no version {version}', { name, version }));
        await audit(deps.pool, by.userId, 'model-promote', name, { version });
        return c.json(await tell(name, 'champion'), 200);
      });
}

function rowsOf(body: Readonly<Record<string, unknown>>): { rows: readonly unknown[]; one: boolean } {
  const { rows, row } = body;
  if (row !== undefined && Object.keys(body).length === 1) return { rows: [row], one: true };
  if (rows === undefined || Object.keys(body).length > 1) return { rows: [body], one: true };
  if (!Array.isArray(rows))
    throw new Fault('bad-request', 'rows: expected a list of maps of fields', { field: 'rows' });
  if (rows.length > MAX_ROWS) {
    const message = `${rows.length} rows are too many for one request: send at most ${MAX_ROWS}, or score them in a notebook`;
    throw new Fault('too-large', message, { rows: rows.length, limit: MAX_ROWS });
  }
  return { rows: rows as readonly unknown[], one: false };
}

async function infoOf(
  { run: { db } }: ServerEngine,
  scorers: Scorers,
  name: string,
  asked: string,
): Promise<ModelInfo> {
  const { version, scorer } = await scorers.open(name, asked);
  const versions = await loadModelVersions(db, name);
  const model = versions.find((each) => each.version === version);
  if (model === undefined)
    throw new Fault('not-found', say('the model {name} has no version {version}', { name, version }));
  return {
    ...listingOf(model),
    aliases: Object.fromEntries(versions.flatMap((each) => each.aliases.map((alias) => [alias, each.version]))),
    classes: scorer.classes,
    decision: scorer.decision,
    lookups: scorer.lookups,
    features: scorer.inputs,
    schema: scorer.schema,
    report: model.report,
    versions: versions.map(({ name: _, relation: __, notebookId: ___, spec: ____, report: _____, ...each }) => each),
    promotions: await listPromotions(db, name),
  };
}

function listingOf(model: RegisteredModel): ModelListing {
  const { name, relation, notebookId, task, algorithm, version, metrics, createdAt, report } = model;
  return { name, relation, notebookId, task, algorithm, target: report.target, version, metrics, createdAt };
}

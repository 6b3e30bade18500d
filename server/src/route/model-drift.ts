import { createRoute, z } from '@hono/zod-openapi';
import type { ScoredRow } from '@datacraft/engine';
import { loadModelVersions } from '@datacraft/engine';
import type { ModelDrift } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName } from '../middleware/notebook-gate.ts';
import { latestPredictions } from '../model/latest-predictions.ts';
import type { Scorers } from '../model/scorers.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';
import { modelQuery, nameParam } from './models.ts';

const anything = z.record(z.string(), z.unknown());
const MOST = 100_000;

const path = createRoute({
  method: 'get',
  path: '/models/{name}/drift',
  tags: ['Models'],
  summary: 'How the latest predictions lie beside the rows that the model learned from: PSI, KS and chi²',
  request: {
    params: nameParam,
    query: modelQuery.extend({ last: z.coerce.number().int().min(1).max(MOST).default(10_000) }),
  },
  responses: { 200: jsonAnswer('The drift', anything), ...problems },
});

export function modelDriftRoutes(engine: ServerEngine, scorers: Scorers) {
  return (_deps: Deps) =>
    newRoutes().openapi(path, async (c) => {
      principalOf(c);
      const name = modelName(c.req.valid('param').name);
      const { version = 'champion', last } = c.req.valid('query');
      return c.json((await driftNow(engine, scorers, name, version, last)) as unknown as Record<string, unknown>, 200);
    });
}

async function driftNow(
  { run: { db } }: ServerEngine,
  scorers: Scorers,
  name: string,
  asked: string,
  last: number,
): Promise<ModelDrift> {
  const { version, scorer } = await scorers.open(name, asked);
  const model = (await loadModelVersions(db, name)).find((each) => each.version === version);
  const lay = model?.report.lay;
  if (lay === undefined) {
    const message = `version ${version} of ${name} was trained before drift was measured: run its notebook with fullRefresh to train it again`;
    throw new Fault('unsupported', message, { model: name });
  }
  const latest = await latestPredictions(db, name, version, last);
  const found = scorer.drift(lay, latest.rows as readonly ScoredRow[]);
  if (found === null)
    throw new Fault('unsupported', `${name} is a forecast: nothing it is asked can drift`, { model: name });
  return { model: name, version, rows: latest.rows.length, from: latest.from, to: latest.to, ...found };
}

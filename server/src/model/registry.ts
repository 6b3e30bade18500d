import type { Database } from '@datacraft/engine';
import { loadModelVersions } from '@datacraft/engine';
import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';
import { permission } from '../auth/permission.ts';
import type { Principal } from '../auth/principal.ts';
import { branchAsked } from '../branch/asked.ts';
import type { ServerEngine } from '../engine.ts';
import { OnlineDatabase } from './online/database-layer.ts';
import type { OnlineLayer } from './online/layer.ts';
import { Scorers } from './scorers.ts';

/** Where models are looked for: main, or a branch with its own versions and features. */
export interface Registry {
  readonly db: Database;
  readonly scorers: Scorers;
  readonly online: Pick<OnlineLayer, 'load'>;
}

/** What a branch trained is opened for the request alone: it is asked to be looked at, not to serve. */
export async function branchRegistry(
  engine: ServerEngine,
  pool: pg.Pool,
  by: Principal,
  branch: string,
): Promise<Registry> {
  const { db } = engine.inside(await branchAsked(pool, by, branch));
  const database = new OnlineDatabase(db);
  const load: OnlineLayer['load'] = async (relation, entities) => (await database.load(relation, entities)).known;
  return { db, scorers: new Scorers(db), online: { load } };
}

/** One model of a branch, for who may see the notebook that trained it. */
export async function modelInBranch(
  engine: ServerEngine,
  pool: pg.Pool,
  by: Principal,
  { branch, name }: { readonly branch: string; readonly name: string },
): Promise<Registry> {
  const registry = await branchRegistry(engine, pool, by, branch);
  await demandModel(pool, by, registry, name);
  return registry;
}

/** A branch has the models of other notebooks, too, as they were when it was forked: they are for who may see those. */
async function demandModel(pool: pg.Pool, by: Principal, { db }: Registry, name: string): Promise<void> {
  const [model] = await loadModelVersions(db, name);
  const { notebookId = null } = model ?? {};
  if (model !== undefined && (notebookId === null || (await permission(pool, by, notebookId)) !== null)) return;
  throw new Fault('not-found', say('there is no model {name}: run the notebook that trains it', { name }), {
    model: name,
  });
}

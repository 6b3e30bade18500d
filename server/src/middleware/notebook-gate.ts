import type { MiddlewareHandler } from 'hono';
import { Fault, isBranchId, say } from '@datacraft/shared';
import type pg from 'pg';
import type { Standing } from '../auth/permission.ts';
import { standing, withRole } from '../auth/permission.ts';
import { isScoring, rememberedAccess } from '../auth/remembered-access.ts';
import type { AppEnv, Deps } from '../deps.ts';
import { SharedReads } from '../shared-reads.ts';

const ofNotebook = /^\/api\/v1\/notebooks\/([^/]+)(?:\/|$)/;
const ofRun = /^\/api\/v1\/runs\/([^/]+)(?:\/|$)/;
const ofTrigger = /^\/api\/v1\/triggers\/(trg_[^/]+)$/;
const ofBackfill = /^\/api\/v1\/backfills\/([^/]+)\//;
const ofStream = /^\/api\/v1\/streams\/(str_[^/]+)(?:\/|$)/;
const ofModel = /^\/api\/v1\/models\/([^/]+)(?:\/|$)/;
const ofShort = /^\/v1\/([^/]+)$/;
/** Of a model in a branch these ask by themselves: main may have one of that name that is nobody's business here. */
const ofBranchModel =
  /^(GET \/api\/v1\/models\/[^/]+(\/drift|\/versions\/[^/]+\/onnx)?|POST \/api\/v1\/models\/[^/]+\/(predict|explain))$/;
/** What only the notebook that a branch was forked from has. */
const notOfBranches =
  /^\/(publish|publication|layout|schedule|triggers|backfills|links|sharing|grants|access|stream|streams|duplicate|restore)(\/|$)/;
const notIds = new Set(['import', 'example', 'examples']);

/**
 * Below it the principal has the role of the notebook that the path is about, so that each route's `principalOf` asks
 * about that one. What somebody may not see looks as if it were not there.
 */
export function notebookGate({ pool, bus, now }: Pick<Deps, 'pool' | 'bus' | 'now'>): MiddlewareHandler<AppEnv> {
  const lately = {
    standings: rememberedAccess<Standing>(bus, now),
    notebooks: rememberedAccess<string | null>(bus, now),
  };
  const standings = new SharedReads<Standing>();
  const notebooks = new SharedReads<string | null>();
  return async (c, next) => {
    const principal = c.get('principal');
    const often = isScoring(c.req.method, c.req.path);
    const isInBranch = c.req.query('branch') !== undefined && ofBranchModel.test(`${c.req.method} ${c.req.path}`);
    const notebookId = isInBranch ? null : await notebookOf(pool, c.req.path, often ? lately.notebooks : notebooks);
    if (isBranchId(notebookId)) refuseInBranch(c.req.path, c.req.method);
    if (principal && notebookId !== null) {
      const { userId, via, role: own, notebookId: shown = null } = principal;
      const asked = JSON.stringify([notebookId, userId, via, own, shown]);
      const { exists, role } = await (often ? lately.standings : standings).read(asked, () =>
        standing(pool, principal, notebookId),
      );
      if (exists || via === 'link') {
        c.set('member', principal);
        c.set('principal', withRole(principal, notebookId, role));
      }
    }
    await next();
  };
}

/** What is remembered, or read once for all who ask at the same time. */
interface Reads<Value> {
  read(key: string, load: () => Promise<Value>): Promise<Value>;
}

function refuseInBranch(path: string, method: string): void {
  const rest = path.replace(/^\/api\/v1\/notebooks\/[^/]+/, '');
  if (rest === path) return;
  if (rest === '' && method === 'DELETE')
    throw new Fault('conflict', 'a branch is not moved to the bin: discard it, its tables go with it');
  if (method !== 'GET' && notOfBranches.test(rest))
    throw new Fault(
      'conflict',
      'a branch has no schedules, triggers, backfills, links or published dashboards of its own; merge it into its notebook first',
    );
}

async function notebookOf(pool: pg.Pool, path: string, ofModels: Reads<string | null>): Promise<string | null> {
  const direct = ofNotebook.exec(path)?.[1];
  if (direct !== undefined) return notIds.has(direct) ? null : decoded(direct);
  const model = ofModel.exec(path)?.[1];
  const short = ofShort.exec(path)?.[1];
  if (model !== undefined || short !== undefined) {
    const name = short === undefined ? modelName(decoded(model ?? '')) : shortName(decoded(short));
    return ofModels.read(name, () => notebookOfModel(pool, name));
  }
  for (const [pattern, table] of [
    [ofRun, 'runs'],
    [ofTrigger, 'triggers'],
    [ofBackfill, 'backfills'],
    [ofStream, 'streams'],
  ] as const) {
    const id = pattern.exec(path)?.[1];
    if (id === undefined) continue;
    const query = `select notebook_id from ${table} where id = $1`;
    return (await pool.query<{ notebook_id: string | null }>(query, [decoded(id)])).rows[0]?.notebook_id ?? null;
  }
  return null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new Fault('bad-request', say('the address has a part that is no text: {part}', { part }), {}, { cause });
  }
}

/** `silver.risk` is the model of that table: `risk`. */
export function modelName(name: string): string {
  return name.replace(/^(bronze|silver|gold)\./, '');
}

/** `/v1/credit-score` is the model `credit_score`. */
export function shortName(name: string): string {
  return name.replaceAll('-', '_');
}

async function notebookOfModel(pool: pg.Pool, name: string): Promise<string | null> {
  const { rows } = await pool.query<{ notebook_id: string | null }>({
    name: 'notebook-of-model',
    text: `select notebook_id from model_versions where name = $1 order by version desc limit 1`,
    values: [name],
  });
  return rows[0]?.notebook_id ?? null;
}

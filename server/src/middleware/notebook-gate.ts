import type { MiddlewareHandler } from 'hono';
import type pg from 'pg';
import { within } from '../auth/permission.ts';
import type { AppEnv } from '../deps.ts';

const ofNotebook = /^\/api\/v1\/notebooks\/([^/]+)(?:\/|$)/;
const ofRun = /^\/api\/v1\/runs\/([^/]+)(?:\/|$)/;
const ofTrigger = /^\/api\/v1\/triggers\/(trg_[^/]+)$/;
const notIds = new Set(['import', 'example']);

/**
 * Below it the principal has the role of the notebook that the path is about, so that each route's `principalOf` asks
 * about that one. What somebody may not see looks as if it were not there.
 */
export function notebookGate(pool: pg.Pool): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const principal = c.get('principal');
    const notebookId = await notebookOf(pool, c.req.path);
    if (principal && notebookId !== null) {
      const exists = (await pool.query('select 1 from notebooks where id = $1', [notebookId])).rowCount !== 0;
      if (exists || principal.via === 'link') c.set('principal', await within(pool, principal, notebookId));
    }
    await next();
  };
}

async function notebookOf(pool: pg.Pool, path: string): Promise<string | null> {
  const direct = ofNotebook.exec(path)?.[1];
  if (direct !== undefined) return notIds.has(direct) ? null : decodeURIComponent(direct);
  const ask = (table: 'runs' | 'triggers', id: string) =>
    pool.query<{ notebook_id: string | null }>(`select notebook_id from ${table} where id = $1`, [
      decodeURIComponent(id),
    ]);
  const [run, trigger] = [ofRun.exec(path)?.[1], ofTrigger.exec(path)?.[1]];
  const found =
    run !== undefined ? await ask('runs', run) : trigger !== undefined ? await ask('triggers', trigger) : null;
  return found?.rows[0]?.notebook_id ?? null;
}

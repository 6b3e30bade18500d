import type { Deps } from '../deps.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { WAIT_MS } from '../metric/collector.ts';
import { expositionOf } from '../metric/exposition.ts';
import { within } from '../metric/within.ts';
import { newRoutes } from './answer.ts';

/** Live, ready, and what Prometheus scrapes. Strangers are told nothing that names a table; who has a token is. */
export function healthRoutes(deps: Deps, notes: () => Readonly<Record<string, string>> = () => ({})) {
  const routes = newRoutes();
  routes.get('/healthz', (c) => c.json({ status: 'ok' }));
  routes.get('/readyz', async (c) => {
    const reason = deps.notReady() ?? (await databaseProblem(deps));
    return reason === null ? c.json({ status: 'ready', ...notes() }) : c.json({ status: 'not ready', reason }, 503);
  });
  routes.use('/metrics', async (c, next) => {
    if (c.req.header('authorization') !== undefined) return authenticate(deps.auth)(c, next);
    await next();
  });
  routes.get('/metrics', async (c) => {
    const isKnown = (c.get('principal') ?? null) !== null;
    const text = expositionOf(await deps.collector.collect(isKnown));
    return c.text(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  return routes;
}

async function databaseProblem(deps: Deps): Promise<string | null> {
  try {
    await within(WAIT_MS, deps.pool.query('select 1'));
    return null;
  } catch {
    return 'the database does not answer';
  }
}

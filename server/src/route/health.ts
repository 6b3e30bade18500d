import type { Deps } from '../deps.ts';
import { newRoutes } from './answer.ts';

/** Live, ready, and what Prometheus scrapes. Tells nothing that a stranger should not know. */
export function healthRoutes(deps: Deps) {
  const routes = newRoutes();
  routes.get('/healthz', (c) => c.json({ status: 'ok' }));
  routes.get('/readyz', async (c) => {
    const reason = deps.notReady() ?? (await databaseProblem(deps));
    return reason === null ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', reason }, 503);
  });
  routes.get('/metrics', async (c) => {
    const { rows } = await deps.pool.query<{ state: string; count: string }>(
      'select state, count(*) from runs group by state',
    );
    const runs = rows.map((row) => `datacraft_runs{state="${row.state}"} ${row.count}`);
    const text = [deps.metrics.text(), '# TYPE datacraft_runs gauge', ...runs, ''].join('\n');
    return c.text(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  return routes;
}

async function databaseProblem(deps: Deps): Promise<string | null> {
  try {
    await deps.pool.query('select 1');
    return null;
  } catch {
    return 'the database does not answer';
  }
}

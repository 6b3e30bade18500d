import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { AppEnv } from '../deps.ts';
import type { Metrics } from '../metric/registry.ts';

/** Counts and logs each request. Queries are left out: they may hold tokens. */
export function observe(metrics: Metrics, log: Logger, now: () => number): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const began = now();
    await next();
    const durationMs = now() - began;
    const route = routePath(c, -1);
    const labels = { method: c.req.method, route, status: c.res.status };
    metrics.count('datacraft_http_requests_total', labels);
    metrics.observe('datacraft_http_request_seconds', { route }, durationMs / 1000);
    log.debug({ requestId: c.get('requestId'), ...labels, path: c.req.path, durationMs }, 'request');
  };
}

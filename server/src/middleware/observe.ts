import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { AppEnv, Deps } from '../deps.ts';
import { answeredSpan, requestSpan } from '../trace/request-span.ts';

/** Asked every few seconds by machines, and about nothing that somebody did. */
const UNTRACED = /^\/(healthz|readyz|metrics)$/;

/** Counts, logs and traces each request. Queries are left out: they may hold tokens. */
export function observe({
  metrics,
  log,
  now,
  spans,
}: Pick<Deps, 'metrics' | 'log' | 'now' | 'spans'>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const span = requestSpan(c.req.header('traceparent'));
    c.set('trace', span.traceId);
    const startMs = now();
    await next();
    const endMs = now();
    const durationMs = endMs - startMs;
    const route = routePath(c, -1);
    const labels = { method: c.req.method, route, status: c.res.status };
    metrics.count('datacraft_http_requests_total', labels);
    metrics.observe('datacraft_http_request_seconds', { route }, durationMs / 1000);
    const requestId = c.get('requestId');
    log.debug({ requestId, trace: span.traceId, ...labels, path: c.req.path, durationMs }, 'request');
    if (spans !== null && !UNTRACED.test(c.req.path))
      spans.send(answeredSpan(span, { ...labels, requestId, startMs, endMs, error: c.error }));
  };
}

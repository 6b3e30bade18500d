import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../deps.ts';

/**
 * Models by a path of their own, for callers that know nothing else: `POST /v1/credit-score` asks the model
 * `credit_score`, `GET` tells what it is. It is the call below `/api/v1/models` with all that is checked there.
 */
export function shortPaths(app: OpenAPIHono<AppEnv>): void {
  app.post('/v1/:model', async (c) => again(app, c, '/predict', await c.req.arrayBuffer()));
  app.get('/v1/:model', (c) => again(app, c, '', null));
}

function again(
  app: OpenAPIHono<AppEnv>,
  { req, env }: Context<AppEnv>,
  action: string,
  body: ArrayBuffer | null,
): Response | Promise<Response> {
  const name = (req.param('model') ?? '').replaceAll('-', '_');
  const url = new URL(req.url);
  url.pathname = `/api/v1/models/${encodeURIComponent(name)}${action}`;
  return app.fetch(new Request(url, { method: req.method, headers: req.raw.headers, body }), env);
}

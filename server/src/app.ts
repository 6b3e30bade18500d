import type { OpenAPIHono } from '@hono/zod-openapi';
import { Fault, say } from '@datacraft/shared';
import type { AppEnv, Deps } from './deps.ts';
import { authenticate, membersOnly } from './middleware/authenticate.ts';
import { limitBody } from './middleware/body-limit.ts';
import { fairTurn } from './middleware/fair-turn.ts';
import { apiHeaders } from './middleware/headers.ts';
import { limitToken } from './middleware/limit-token.ts';
import { notebookGate } from './middleware/notebook-gate.ts';
import { observe } from './middleware/observe.ts';
import { sameOriginOnly } from './middleware/origin.ts';
import { answerProblem } from './middleware/problem.ts';
import { newRoutes } from './route/answer.ts';
import { authRoutes } from './route/auth.ts';
import { commentRoutes } from './route/comments.ts';
import { connectionRoutes } from './route/connections.ts';
import { docsRoutes } from './route/docs.ts';
import { eventRoutes } from './route/events.ts';
import { fileRoutes } from './route/files.ts';
import { healthRoutes } from './route/health.ts';
import { exampleRoutes } from './route/examples.ts';
import { notebookRoutes } from './route/notebooks.ts';
import { peopleRoutes } from './route/people.ts';
import { pinRoutes } from './route/pins.ts';
import { secretRoutes } from './route/secrets.ts';
import { streamRoutes } from './route/streams.ts';
import { topicRoutes } from './route/topics.ts';
import { sharingRoutes } from './route/sharing.ts';
import { versionRoutes } from './route/versions.ts';

/** Routes of one resource, below `/api/v1`. */
export type RouteModule = (deps: Deps) => OpenAPIHono<AppEnv>;

/** Routes elsewhere (`/iceberg`, …) bring their own base path. */
export interface Extension {
  readonly api?: readonly RouteModule[];
  readonly root?: readonly { readonly path: string; readonly routes: RouteModule }[];
  /** Paths below `/api/v1` that need no account, beside ours. */
  readonly publicPaths?: readonly RegExp[];
  /** What `/readyz` says besides, of parts that the server does without when it must. */
  readonly notes?: () => Readonly<Record<string, string>>;
}

const ownRoutes: readonly RouteModule[] = [
  authRoutes,
  peopleRoutes,
  exampleRoutes,
  notebookRoutes,
  versionRoutes,
  fileRoutes,
  eventRoutes,
  secretRoutes,
  connectionRoutes,
  sharingRoutes,
  commentRoutes,
  pinRoutes,
  streamRoutes,
  topicRoutes,
];

export const publicPaths: readonly RegExp[] = [
  /^\/api\/v1\/setup$/,
  /^\/api\/v1\/auth\/(signup|login|logout)$/,
  /^\/api\/v1\/invitations\/by-token\/[^/]+$/,
  /^\/api\/v1\/dashboards\/[^/]+(\/(data|events|pdf))?$/,
  /^\/api\/v1\/notebook-links\/[^/]+$/,
  /^\/api\/v1\/openapi\.json$/,
];

const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** Streams its body and keeps its own limit. */
const streamsItsBody = /^\/api\/v1\/(files|imports)$/;

/** Pure wiring: no port, no process. Tests call `app.fetch`. */
export function createApp(deps: Deps, extension: Extension = {}): OpenAPIHono<AppEnv> {
  const app = newRoutes();
  app.onError((error, c) => answerProblem(c, error, deps.log));
  app.notFound((c) =>
    answerProblem(c, new Fault('not-found', say('there is nothing at {path}', { path: c.req.path })), deps.log),
  );
  app.use('*', observe(deps));
  app.use('*', apiHeaders());
  app.route('/', healthRoutes(deps, extension.notes));
  for (const path of ['/api/*', '/iceberg/*', '/v1/*']) {
    app.use(path, authenticate(deps.auth));
    app.use(path, limitToken(deps));
    app.use(path, sameOriginOnly(deps.config));
  }
  app.use('/api/v1/*', membersOnly([...publicPaths, ...(extension.publicPaths ?? [])]));
  for (const path of ['/iceberg/*', '/v1/*']) app.use(path, membersOnly([]));
  for (const path of ['/api/*', '/iceberg/*', '/v1/*']) app.use(path, limitBody(MAX_BODY_BYTES, streamsItsBody));
  app.use('/api/v1/*', fairTurn());
  const gate = notebookGate(deps);
  app.use('/api/v1/*', gate);
  app.use('/v1/*', gate);
  for (const routes of [...ownRoutes, ...(extension.api ?? [])]) app.route('/api/v1', routes(deps));
  for (const { path, routes } of extension.root ?? []) app.route(path, routes(deps));
  docsRoutes(app);
  return app;
}

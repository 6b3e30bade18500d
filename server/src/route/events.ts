import { createRoute } from '@hono/zod-openapi';
import type { NotebookEvent, Role } from '@datacraft/shared';
import { streamSSE } from 'hono/streaming';
import { bearerOf } from '../auth/index.ts';
import { permission } from '../auth/permission.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, newRoutes, problems } from './answer.ts';

const HEARTBEAT_MS = 15_000;
const MAX_WAITING = 1_000;

const path = createRoute({
  method: 'get',
  path: '/notebooks/{id}/events',
  tags: ['Notebooks'],
  summary: 'What happens in a notebook, as server-sent events: graph, run, task, comments, versions, access, ping',
  request: { params: idParam },
  responses: {
    200: { description: 'A stream of NotebookEvent', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    ...problems,
  },
});

/** The role of whoever opened the stream, as it is now; null when their session, grant or link is over. */
async function stillAllowed({ auth, pool }: Deps, headers: Headers, notebookId: string): Promise<Role | null> {
  const credentials = {
    cookie: headers.get('cookie') ?? undefined,
    bearer: bearerOf(headers.get('authorization') ?? undefined),
  };
  const { principal } = await auth.identify(credentials);
  return principal && permission(pool, principal, notebookId);
}

/** Begins with the last graph and run; ends when the person's rights end, so that the next one is asked for again. */
export function eventRoutes(deps: Deps) {
  return newRoutes().openapi(path, async (c) => {
    const principal = principalOf(c);
    const { id } = c.req.valid('param');
    await deps.rooms.open(id);
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      const waiting: NotebookEvent[] = [];
      let wake = () => {};
      let ended = false;
      const end = () => {
        ended = true;
        wake();
      };
      const review = () => {
        stillAllowed(deps, c.req.raw.headers, id).then(
          (role) => (role === null ? end() : push({ type: 'access', role })),
          (error: unknown) => {
            deps.log.warn({ err: error }, 'the rights of a stream could not be read; it ends and asks again');
            end();
          },
        );
      };
      const push = (event: NotebookEvent) => {
        if (waiting.length >= MAX_WAITING) return end();
        waiting.push(event);
        wake();
      };
      const stops = [
        deps.live.subscribe(id, push),
        deps.bus.subscribe('users', ({ userId }) => (userId === principal.userId ? review() : undefined)),
        deps.bus.subscribe('access', ({ notebookId }) =>
          notebookId === null || notebookId === id ? review() : undefined,
        ),
        deps.bus.onGap(review), // whatever was said meanwhile was not heard
        deps.bus.subscribe('notebook', ({ notebookId, change }) =>
          notebookId === id && change === 'deleted' ? end() : undefined,
        ),
        deps.live.onStop(end),
      ];
      const heartbeat = setInterval(() => push({ type: 'ping' }), HEARTBEAT_MS);
      stream.onAbort(end);
      push({ type: 'ping' });
      while (!ended) {
        const event = waiting.shift();
        if (event) await stream.writeSSE({ data: JSON.stringify(event) });
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      clearInterval(heartbeat);
      for (const stop of stops) stop();
    });
  });
}

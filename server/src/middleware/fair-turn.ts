import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../deps.ts';
import { createFairTurns } from '../fair-turns.ts';

/** Sessions that one person's previews and queries may hold at the same time: the pool has at least four. */
const PER_PERSON = 2;
const WAITING_PER_PERSON = 64;

/** Everything that opens a session for somebody who waits. */
const opensSession =
  /^\/api\/v1\/(query|notebooks\/[^/]+\/(preview|sniff|dashboard\/preview|cells\/[^/]+\/(data|rejects|download)))$/;

/** One person cannot hold every session: beyond their share their requests wait for each other, not others for them. */
export function fairTurn(): MiddlewareHandler<AppEnv> {
  const turns = createFairTurns({ total: Infinity, perOwner: PER_PERSON, waitingPerOwner: WAITING_PER_PERSON });
  return async (c, next) => {
    const owner = c.get('principal')?.userId;
    if (owner === undefined || !opensSession.test(c.req.path)) return next();
    await turns.take(owner);
    try {
      await next();
    } finally {
      turns.free(owner);
    }
  };
}

import type { MiddlewareHandler } from 'hono';
import type { AppEnv, Deps } from '../deps.ts';

/** Refuses what an API token asks too fast, before anything is done for it. */
export function limitToken({ meter }: Pick<Deps, 'meter'>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const principal = c.get('principal');
    if (principal?.via === 'token') await meter.takeRequest(principal);
    await next();
  };
}

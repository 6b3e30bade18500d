import { Fault } from '@datacraft/shared';
import type { MiddlewareHandler } from 'hono';
import type { Config } from '../config.ts';
import type { AppEnv } from '../deps.ts';

/** Whether a browser page at `origin` is one of ours. */
export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | null): boolean {
  if (origin === publicUrl) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site makes a browser send. Programs send neither header and have no cookie jar to abuse;
 * a bearer token is never sent by a browser on its own.
 */
export function sameOriginOnly(config: Pick<Config, 'publicUrl'>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!safeMethods.has(c.req.method) && c.get('via') !== 'bearer' && !c.env.inProcess) {
      const site = c.req.header('sec-fetch-site');
      const origin = c.req.header('origin');
      const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
      const foreignOrigin = origin !== undefined && !isOwnOrigin(origin, c.req.header('host'), config.publicUrl);
      if (foreignSite || foreignOrigin) {
        throw new Fault('forbidden', 'this request came from another site; open DataCraft itself, or use an API token');
      }
    }
    await next();
  };
}

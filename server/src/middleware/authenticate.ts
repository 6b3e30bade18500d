import type { Role } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { Context, MiddlewareHandler } from 'hono';
import type { Auth } from '../auth/index.ts';
import { bearerOf, passwordOf } from '../auth/index.ts';
import type { Principal } from '../auth/principal.ts';
import { isScoring } from '../auth/remembered-access.ts';
import { demandRole } from '../auth/principal.ts';
import type { AppEnv } from '../deps.ts';

/** Finds out who asks; refusing is the routes' part. A bearer token that means nobody is refused at once. */
export function authenticate(auth: Auth): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const header = c.req.header('authorization');
    const bearer = bearerOf(header) ?? (c.req.path.startsWith('/api/v1/registry/') ? passwordOf(header) : undefined);
    const { principal, cookie } = await auth.identify({
      cookie: c.req.header('cookie'),
      bearer,
      lately: isScoring(c.req.method, c.req.path),
    });
    if (bearer !== undefined && !principal)
      throw new Fault('unauthenticated', 'this API token is not valid: it was revoked or mistyped');
    c.set('principal', principal?.via === 'link' && !isForGuests(c.req.method, c.req.path) ? null : principal);
    c.set('via', bearer !== undefined ? 'bearer' : principal ? 'cookie' : 'none');
    await next();
    if (cookie !== null && !c.res.headers.has('set-cookie')) c.res.headers.append('set-cookie', cookie);
  };
}

/** Who shares, says, wrote and starts what is told to people with an account alone. */
const amongPeople =
  /^\/api\/v1\/notebooks\/[^/]+\/(sharing|comments|versions|blame|schedule|triggers|publication)(\/|$)/;

/** What the page of a notebook reads; which notebook is the gate's question. A guest changes nothing anywhere. */
function isForGuests(method: string, path: string): boolean {
  if (method === 'GET') return /^\/api\/v1\/(notebooks|runs)\/[^/]+(\/|$)/.test(path) && !amongPeople.test(path);
  return method === 'POST' && /^\/api\/v1\/notebooks\/[^/]+\/preview$/.test(path);
}

/** The person behind the request, or a fault. Each route that is not public calls it first. */
export function principalOf(c: Context<AppEnv>, needed: Role = 'viewer'): Principal {
  return demandRole(c.get('principal'), needed);
}

/**
 * The second wall: everything below it needs an account unless its path is listed as public, so that a route which
 * forgets to ask stays closed to strangers.
 */
export function membersOnly(publicPaths: readonly RegExp[]): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!publicPaths.some((path) => path.test(c.req.path))) demandRole(c.get('principal'), 'viewer');
    await next();
  };
}

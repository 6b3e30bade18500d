/**
 * Who may come in.
 *
 * A1  A role is read from the database at every request; a change also reaches open sockets (`users` on the bus). For
 *     scoring alone it is remembered for up to a second, and forgotten when it changes (remembered-access.ts).
 * A2  Passwords are argon2id; API tokens and invitations are stored as hashes and shown once.
 * A3  An invitation is spent once; the workspace always keeps an owner who can sign in.
 *
 * It decides who somebody is and their role. What a role may do is written at each route and in the rooms.
 */
import type pg from 'pg';
import type { Bus } from '../live/bus.ts';
import { identifyToken } from './api-tokens.ts';
import type { Attempts } from './attempts.ts';
import { createAttempts } from './attempts.ts';
import { identifyLink, linkTokenOf } from './notebook-links.ts';
import { SharedReads } from '../shared-reads.ts';
import type { Principal } from './principal.ts';
import { rememberedAccess } from './remembered-access.ts';
import { hashToken } from './secret-token.ts';
import type { Sessions } from './sessions.ts';
import { createSessions } from './sessions.ts';

export interface Credentials {
  readonly cookie: string | undefined;
  readonly bearer: string | undefined;
  /** Who they were a moment ago will do. */
  readonly lately?: boolean;
}

interface Identified {
  readonly principal: Principal | null;
  readonly cookie: string | null;
}

export interface Auth {
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  /** A bearer token wins over a cookie. `cookie` is to be set when the session was prolonged. */
  identify(credentials: Credentials): Promise<Identified>;
  /** Somebody's role, account or credentials changed: everything open in their name is looked at again. */
  announceChange(userId: string): Promise<void>;
}

export function createAuth(deps: { pool: pg.Pool; bus: Bus; secureCookies: boolean; now: () => number }): Auth {
  const sessions = createSessions(deps.pool, deps.secureCookies);
  const tokens = new SharedReads<Principal | null>();
  const remembered = rememberedAccess<Identified>(deps.bus, deps.now);
  const identify = async ({ cookie, bearer }: Credentials): Promise<Identified> => {
    if (bearer !== undefined) {
      const found = await tokens.read(hashToken(bearer), () => identifyToken(deps.pool, bearer));
      return { principal: found, cookie: null };
    }
    if (cookie === undefined) return { principal: null, cookie: null };
    const known = await sessions.identify(cookie);
    const token = linkTokenOf(cookie);
    const guest = token === null ? null : await identifyLink(deps.pool, token);
    if (!known) return { principal: guest, cookie: null };
    const { principal } = known;
    return guest?.notebookId === undefined
      ? known
      : { ...known, principal: { ...principal, notebookId: guest.notebookId } };
  };
  return {
    sessions,
    attempts: createAttempts(deps.now),
    async identify(credentials) {
      if (credentials.lately !== true) return identify(credentials);
      const { cookie = '', bearer = '' } = credentials;
      return remembered.read(hashToken(JSON.stringify([cookie, bearer])), () => identify(credentials));
    },
    announceChange: (userId) => deps.bus.publish('users', { userId }),
  };
}

export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

/** A token as the password of any user, for clients that can say nothing else. */
export function passwordOf(authorization: string | undefined): string | undefined {
  const [, pair = ''] = /^basic +(\S+)$/i.exec(authorization ?? '') ?? [];
  return /^[^:]*:(\S+)$/.exec(Buffer.from(pair, 'base64').toString('utf8'))?.[1];
}

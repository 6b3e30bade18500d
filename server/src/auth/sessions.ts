import { NodePostgresAdapter } from '@lucia-auth/adapter-postgresql';
import type { Role, UserId } from '@datacraft/shared';
import { Lucia, TimeSpan } from 'lucia';
import type pg from 'pg';
import { SharedReads } from '../shared-reads.ts';
import type { Principal } from './principal.ts';

interface UserAttributes {
  email: string;
  name: string;
  role: Role;
  locale: 'en' | 'pt-BR';
  disabled_at: Date | null;
}

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof luciaOf>;
    DatabaseUserAttributes: UserAttributes;
  }
}

function luciaOf(pool: pg.Pool, secure: boolean) {
  return new Lucia(new NodePostgresAdapter(pool, { user: 'users', session: 'sessions' }), {
    sessionExpiresIn: new TimeSpan(30, 'd'),
    sessionCookie: { name: 'datacraft_session', attributes: { secure, sameSite: 'lax', path: '/' } },
    getUserAttributes: ({ email, name, role, locale, disabled_at }) => ({
      email,
      name,
      role,
      locale,
      disabled: disabled_at !== null,
    }),
  });
}

/** Browser sessions. Only this file knows Lucia. */
export interface Sessions {
  /** A new session's `Set-Cookie`. */
  start(userId: UserId): Promise<string>;
  /** `cookie` comes back when the session was prolonged. */
  identify(cookieHeader: string): Promise<{ principal: Principal; cookie: string | null } | null>;
  end(sessionId: string): Promise<void>;
  endAll(userId: UserId, except?: string): Promise<void>;
  removeExpired(): Promise<void>;
  readonly blankCookie: string;
}

export function createSessions(pool: pg.Pool, secure: boolean): Sessions {
  const lucia = luciaOf(pool, secure);
  type Validated = Awaited<ReturnType<typeof lucia.validateSession>>;
  const validated = new SharedReads<Validated>();
  return {
    async start(userId) {
      const session = await lucia.createSession(userId, {});
      return lucia.createSessionCookie(session.id).serialize();
    },
    async identify(cookieHeader) {
      const sessionId = lucia.readSessionCookie(cookieHeader);
      if (!sessionId) return null;
      const { session, user } = await validated.read(sessionId, () => lucia.validateSession(sessionId));
      if (!session || user.disabled) return null;
      const { email, name, role, locale } = user;
      const principal: Principal = {
        userId: user.id as UserId,
        email,
        name,
        role,
        locale,
        via: 'session',
        credentialId: session.id,
      };
      return { principal, cookie: session.fresh ? lucia.createSessionCookie(session.id).serialize() : null };
    },
    end: (sessionId) => lucia.invalidateSession(sessionId),
    async endAll(userId, except) {
      for (const session of await lucia.getUserSessions(userId)) {
        if (session.id !== except) await lucia.invalidateSession(session.id);
      }
    },
    removeExpired: () => lucia.deleteExpiredSessions(),
    blankCookie: lucia.createBlankSessionCookie().serialize(),
  };
}

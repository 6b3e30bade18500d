import type { RemoteAccess } from '@datacraft/engine';
import { countEventsAfter, databaseOf, readEvents, schemaBook } from '@datacraft/engine';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { audit } from '../auth/audit.ts';
import { mailBy } from '../mail/connection.ts';
import { createCipher } from './cipher.ts';
import { loadConnection } from './connections.ts';
import { loadSecretKey } from './key.ts';
import { providersOf } from './providers.ts';
import { createSecrets, type Secrets } from './secrets.ts';

/** Shorter ones stand in innocent words. */
const SHORTEST_HIDDEN = 6;

export function openSecrets(config: Config, pool: pg.Pool): Secrets {
  let cipher: Promise<ReturnType<typeof createCipher>> | null = null;
  const { env } = process;
  const world = { env, providers: providersOf(env), allowedHosts: config.allowedHosts };
  return createSecrets(pool, () => (cipher ??= loadSecretKey(config).then(createCipher)), world);
}

/** What this installation lets sources and sinks use of the world outside. */
export function createRemoteAccess(config: Config, pool: pg.Pool): RemoteAccess {
  const secrets = openSecrets(config, pool);
  const seen = new Set<string>();
  const secret = async (...[name, to]: Parameters<RemoteAccess['secret']>) => {
    const value = await secrets.reveal(name, to);
    if (value.length >= SHORTEST_HIDDEN) seen.add(value);
    return value;
  };
  return {
    allowedHosts: config.allowedHosts,
    secret,
    home: homeOf(config),
    mail: async (name, mail) => {
      await mailBy(await loadConnection(pool, name), mail, { secret, allowedHosts: config.allowedHosts });
      await audit(pool, null, 'mail-send', mail.about, { connection: name, to: mail.to.join(', '), id: mail.id });
    },
    hide: (text) => [...seen].reduce((shown, value) => shown.replaceAll(value, '•••'), text),
    connection: (name) => loadConnection(pool, name),
    schemas: schemaBook(databaseOf(pool)),
    events: (relation, after, limit) => readEvents(databaseOf(pool), relation, after, limit),
    eventsAfter: (relation, after) => countEventsAfter(databaseOf(pool), relation, after),
  };
}

/** Where people reach this DataCraft. */
export function homeOf({ publicUrl, host, port }: Config): string {
  return publicUrl ?? new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`).origin;
}

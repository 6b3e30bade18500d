import type { RemoteAccess } from '@datacraft/engine';
import { databaseOf, readEvents } from '@datacraft/engine';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { createCipher } from './cipher.ts';
import { loadConnection } from './connections.ts';
import { loadSecretKey } from './key.ts';
import { createSecrets, type Secrets } from './secrets.ts';

export function openSecrets(config: Config, pool: pg.Pool): Secrets {
  let cipher: Promise<ReturnType<typeof createCipher>> | null = null;
  return createSecrets(pool, () => (cipher ??= loadSecretKey(config).then(createCipher)), process.env);
}

/** What this installation lets sources and sinks use of the world outside. */
export function createRemoteAccess(config: Config, pool: pg.Pool): RemoteAccess {
  const secrets = openSecrets(config, pool);
  return {
    allowedHosts: config.allowedHosts,
    secret: (name) => secrets.reveal(name),
    connection: (name) => loadConnection(pool, name),
    events: (relation, after, limit) => readEvents(databaseOf(pool), relation, after, limit),
  };
}

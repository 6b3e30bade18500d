import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { findBinaries } from '../../server/src/database/binaries.ts';
import { initialise } from '../../server/src/database/initialise.ts';
import { choosePlace } from '../../server/src/database/place.ts';
import { bareEnvironment } from '../../server/src/database/postmaster.ts';
import type { Place, Server } from './service.ts';

const portOf = (place: Place): number => place.ports['main'] ?? 0;

/** Ready only changes the port; the password is made with the cluster. */
const passwords = new Map<string, string>();

function urlOf(place: Place): string {
  const password = passwords.get(place.dir) ?? '';
  return `postgres://datacraft:${password}@127.0.0.1:${portOf(place)}/postgres`;
}

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  max_replication_slots: '20',
  max_wal_senders: '20',
  timezone: 'UTC',
};

/** A PostgreSQL beside the product's own, with logical replication; its user may do everything. */
export const postgres: Server = {
  kind: 'server',
  name: 'postgres',
  version: '18.4',
  ports: ['main'],
  startLimitMs: 60_000,
  install: () => Promise.resolve(), // comes with npm install
  async prepare(place) {
    const home = await choosePlace(join(place.dir, 'cluster'));
    const binaries = await findBinaries(home.account, home.privateRoot);
    await initialise(home, binaries);
    if (!existsSync(home.data)) throw new Error(`no cluster was made in ${home.data}`);
    passwords.set(place.dir, (await readFile(home.secret, 'utf8')).trim());
    const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const env = Object.fromEntries(Object.entries(bareEnvironment()).map(([key, value]) => [key, value ?? '']));
    const args = ['-D', home.data, '-p', String(portOf(place)), ...flags];
    return { command: binaries.postgres, args, env, ids: home.account.ids };
  },
  async ready(place) {
    const client = new pg.Client({ connectionString: urlOf(place), connectionTimeoutMillis: 3_000 });
    client.on('error', () => undefined); // reported by the query
    try {
      await client.connect();
      await client.query('select 1');
    } finally {
      await client.end().catch(() => undefined);
    }
  },
  exports: (place) => ({ POSTGRES_URL: urlOf(place) }),
};

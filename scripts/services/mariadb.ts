import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askTcp } from './ask.ts';
import { cachePath, command } from './cache.ts';
import { debianEnv, debianPackages } from './debian.ts';
import type { Place, Server } from './service.ts';

const name = 'mariadb-10.11';
const packages = ['mariadb-server-core', 'mariadb-client-core', 'libmariadb3', 'libaio1', 'libnuma1', 'liburing2'];
const account = { user: 'datacraft', password: 'datacraft', database: 'shop' };
const at = (file: string): string => join(cachePath(name), file);
const portOf = (place: Place): number => place.ports['main'] ?? 0;

const tables = ['mysql_system_tables', 'mysql_performance_tables', 'mysql_system_tables_data', 'fill_help_tables'];

/** What `mariadb-install-db` does, without the shell script that expects an installed package. */
async function bootstrap(data: string, flags: readonly string[]): Promise<void> {
  const partial = `${data}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const parts = await Promise.all(tables.map((file) => readFile(at(`usr/share/mysql/${file}.sql`), 'utf8')));
  const input = ['create database mysql;', 'use mysql;', 'set @auth_root_socket = null;', ...parts].join('\n');
  const args = [...flags, `--datadir=${partial}`, '--bootstrap', '--skip-log-bin', '--max-allowed-packet=8M'];
  await command(at('usr/sbin/mariadbd'), args, { env: debianEnv(name), input });
  await rename(partial, data);
}

const initial = `create database if not exists ${account.database};
create user if not exists '${account.user}'@'%' identified by '${account.password}';
grant all privileges on *.* to '${account.user}'@'%';
`;

/** MariaDB with a row binlog, so that changes can be followed. */
export const mariadb: Server = {
  kind: 'server',
  name: 'mariadb',
  version: '10.11',
  ports: ['main'],
  startLimitMs: 60_000,
  install: async () => void (await debianPackages(name, packages)),
  async prepare(place) {
    const data = join(place.dir, 'data');
    const initFile = join(place.dir, 'init.sql');
    const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
    const flags = ['--no-defaults', ...asRoot, `--basedir=${at('usr')}`, `--lc-messages-dir=${at('usr/share/mysql')}`];
    flags.push(`--character-sets-dir=${at('usr/share/mysql/charsets')}`);
    if (!existsSync(data)) await bootstrap(data, flags);
    await writeFile(initFile, initial);
    const net = [`--port=${portOf(place)}`, '--bind-address=127.0.0.1', `--socket=${join(place.dir, 'socket')}`];
    const binlog = ['--server-id=1', '--log-bin=binlog', '--binlog-format=ROW', '--binlog-row-metadata=FULL'];
    const text = ['--character-set-server=utf8mb4', `--pid-file=${join(place.dir, 'pid')}`];
    const args = [...flags, `--datadir=${data}`, `--init-file=${initFile}`, ...net, ...binlog, ...text];
    return { command: at('usr/sbin/mariadbd'), args, env: debianEnv(name) };
  },
  async ready(place) {
    const greeting = await askTcp(portOf(place), '');
    if (!greeting.includes('MariaDB')) throw new Error('it greeted as something else than MariaDB');
  },
  exports: (place) => ({
    MYSQL_URL: `mysql://${account.user}:${account.password}@127.0.0.1:${portOf(place)}/${account.database}`,
    MARIADB_CLIENT: at('usr/bin/mariadb'),
    MARIADB_LIBRARIES: debianEnv(name)['LD_LIBRARY_PATH'] ?? '',
  }),
};

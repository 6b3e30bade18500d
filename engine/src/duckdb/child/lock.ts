import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoteLiteral } from '@datacraft/shared';
import type { SessionSettings } from '../wire.ts';

export interface PrivateDatabase {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

/** A new private database that no user's text has seen and none may see before it is locked. Making one takes 15 ms. */
export async function openDatabase({ threads }: Pick<SessionSettings, 'threads'>): Promise<PrivateDatabase> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    errors_as_json: 'true',
  });
  const connection = await instance.connect();
  await connection.run(ALWAYS);
  return { instance, connection };
}

/** Of every session; whatever depends on who opens it comes with the lock. */
const ALWAYS = [
  // Progress is a setting of the connection, so this one connection serves the whole session.
  'set enable_progress_bar = true',
  'set enable_progress_bar_print = false',
  `set global TimeZone = 'UTC'`,
].join('; ');

/** Closes a new database to everything but what the settings list. */
export async function lock({ connection }: PrivateDatabase, settings: SessionSettings): Promise<void> {
  await connection.run(lockSql(settings));
}

/** `lock_configuration` comes last and forbids everything above it for good. */
function lockSql(settings: SessionSettings): string {
  const { readable, writableDir, spillDir, spillLimitMb, memoryLimitMb, threads } = settings;
  const directories = writableDir === null ? [] : [withSlash(writableDir)];
  return [
    `set global threads = ${threads}`,
    `set global memory_limit = '${memoryLimitMb}MB'`,
    `set global temp_directory = ${quoteLiteral(spillDir ?? '')}`,
    // Setting the directory sets the limit anew.
    `set global max_temp_directory_size = '${spillLimitMb}MB'`,
    `set global allowed_paths = ${list(readable)}`,
    `set global allowed_directories = ${list(directories)}`,
    'set global enable_external_access = false',
    'set global lock_configuration = true',
  ].join('; ');
}

function withSlash(dir: string): string {
  return dir.endsWith('/') ? dir : `${dir}/`;
}

function list(paths: readonly string[]): string {
  return `[${paths.map(quoteLiteral).join(', ')}]`;
}

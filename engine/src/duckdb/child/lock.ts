import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoteLiteral } from '@datacraft/shared';
import type { SessionSettings } from '../wire.ts';

export interface LockedDatabase {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

/** A new private database, closed to everything but what the settings list, before any user's text is read. */
export async function openLocked(settings: SessionSettings): Promise<LockedDatabase> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(settings.threads),
    memory_limit: `${settings.memoryLimitMb}MB`,
    temp_directory: settings.spillDir ?? '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    errors_as_json: 'true',
  });
  const connection = await instance.connect();
  await connection.run(lockSql(settings));
  return { instance, connection };
}

/** `lock_configuration` comes last and forbids everything above it for good. */
function lockSql({ readable, writableDir, spillLimitMb }: SessionSettings): string {
  const directories = writableDir === null ? [] : [withSlash(writableDir)];
  return [
    // Progress is a setting of the connection, so this one connection serves the whole session.
    'set enable_progress_bar = true',
    'set enable_progress_bar_print = false',
    // Given with the other options of a new instance it is shown but not kept.
    `set global max_temp_directory_size = '${spillLimitMb}MB'`,
    `set global TimeZone = 'UTC'`,
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

import type pg from 'pg';
import { applyMigrations } from '@datacraft/migrations';
import type { Config } from '../config.ts';
import { createPool, openDatabase } from '../database/index.ts';

/** The database of a data directory, for a command that needs nothing else. A server may be using the same one. */
export async function withDatabase<Result>(
  config: Config,
  work: (pool: pg.Pool, url: string) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase({ dataDir: config.dataDir, databaseUrl: config.databaseUrl });
  const pool = createPool(database.url, { applicationName: 'datacraft cli' });
  try {
    await applyMigrations(pool);
    return await work(pool, database.url);
  } finally {
    await pool.end();
    await database.close();
  }
}

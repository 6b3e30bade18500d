import pg from 'pg';
import { openCluster } from './cluster.ts';
import { checkExternal } from './external.ts';

export interface DatabaseOptions {
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly onStep?: (step: string) => void;
  readonly privateRoot?: string;
}

export interface OpenDatabase {
  readonly url: string;
  readonly embedded: boolean;
  /** Call after every pool on it has ended. */
  close(): Promise<void>;
}

const DATABASE_NAME = 'datacraft';

/** `DATABASE_URL` if there is one, else the embedded PostgreSQL of the data directory. */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  if (options.databaseUrl !== null) {
    options.onStep?.('connecting to the database');
    await checkExternal(options.databaseUrl);
    return { url: options.databaseUrl, embedded: false, close: () => Promise.resolve() };
  }
  const cluster = await openCluster(options);
  try {
    await ensureDatabase(cluster.url('postgres'), DATABASE_NAME);
  } catch (error) {
    await cluster.release();
    throw error;
  }
  return { url: cluster.url(DATABASE_NAME), embedded: true, close: () => cluster.release() };
}

/** Creates the database if missing; two processes may do so at once. */
async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'datacraft setup' });
  client.on('error', () => undefined); // reported by the query
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(7210002)');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

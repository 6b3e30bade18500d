import pg from 'pg';

export interface PoolOptions {
  readonly max?: number;
  readonly applicationName?: string;
}

/** A pool that survives losing its connections: idle clients that break are dropped, the next query reconnects. */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'datacraft',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  pool.on('error', () => undefined); // an idle client broke; whoever asks next gets a new one or the error
  // A client that breaks while it is lent out emits too, which would end the process; its borrower's query rejects.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Committed when `work` resolves, rolled back when it throws. */
export async function withTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

import type pg from 'pg';
import { Fault } from '@datacraft/shared';

/** What a statement needs: a pool, or the one client of an open transaction. */
export interface Queryable {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

export interface Database extends Queryable {
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. Never nested. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
}

/**
 * In the FROM of a statement that is a transaction of its own: it does not wait for the disk. A power cut may undo it,
 * and never keeps what was committed after it without it.
 */
export const SOON = `(select set_config('synchronous_commit', 'off', true)) as soon`;
/** In its place: kept once it is answered, or as the transaction around it is. */
const KEPT = `(select null) as kept`;

/** Of what tells how a run goes: a run that ended is kept with all that was told of it before. */
export type Keeping = 'soon' | 'kept';

export function keepingSql(keeping: Keeping): string {
  return keeping === 'soon' ? SOON : KEPT;
}

const CONNECTION_CLASSES = new Set(['08', '57', '53']);

/** PostgreSQL as the engine sees it. Lost connections and shutdowns become `database-unavailable`. */
export function databaseOf(pool: pg.Pool): Database {
  return {
    query: (text, values) => translated(queryableOf(pool).query(text, values)),
    transaction: (work) => translated(inTransaction(pool, work)),
  };
}

function queryableOf(client: pg.Pool | pg.PoolClient): Queryable {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      const result = await client.query<Row & pg.QueryResultRow>(text, [...values]);
      return { rows: result.rows as Row[], rowCount: result.rowCount };
    },
  };
}

async function inTransaction<Result>(pool: pg.Pool, work: (tx: Queryable) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(queryableOf(client));
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

async function translated<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (isConnectionFailure(error)) {
      throw new Fault(
        'database-unavailable',
        'the metadata database does not answer; it is retried shortly',
        {},
        { cause: error },
      );
    }
    throw error;
  }
}

function isConnectionFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    CONNECTION_CLASSES.has(code.slice(0, 2)) || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE'
  );
}

/**
 * Real PostgreSQL for tests: `await createTestDatabase()` gives an empty, migrated database of one's own in a few
 * hundredths of a second. All test processes of a user share one embedded cluster, which the last one out stops;
 * it is not synced to disk, so it is worth nothing but speed.
 *
 * The one import against the arrow (migrations → server) is for tests only.
 */
import { createHash, randomBytes } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { Cluster } from '../server/src/database/cluster.ts';
import { openCluster } from '../server/src/database/cluster.ts';
import { createPool } from '../server/src/database/pool.ts';
import { applyMigrations, readMigrations } from './apply.ts';

export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and drops the database. */
  close(): Promise<void>;
}

const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** One cluster for a whole run: call it in a global setup and return its `release` as the teardown. */
export function startTestCluster(): Promise<Cluster> {
  const dataDir = path.join(tmpdir(), `datacraft-test-${userInfo().uid}`);
  return openCluster({ dataDir, settings, privateRoot: path.join(dataDir, 'private') });
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = await startTestCluster();
  try {
    const template = await ensureTemplate(cluster);
    const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
    await asAdmin(cluster, (admin) => admin.query(`create database ${name} template ${template} strategy wal_log`));
    const pool = createPool(cluster.url(name), { applicationName: 'datacraft test' });
    return { url: cluster.url(name), pool, close: () => closeTestDatabase(cluster, name, pool) };
  } catch (error) {
    await cluster.release();
    throw error;
  }
}

async function closeTestDatabase(cluster: Cluster, name: string, pool: pg.Pool): Promise<void> {
  if (!pool.ended) await pool.end();
  await asAdmin(cluster, (admin) => admin.query(`drop database if exists ${name} with (force)`));
  await cluster.release();
}

async function asAdmin<Result>(cluster: Cluster, work: (admin: pg.Client) => Promise<Result>): Promise<Result> {
  const admin = new pg.Client({ connectionString: cluster.url('postgres') });
  admin.on('error', () => undefined); // reported by the query
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** A migrated database named after the migrations' text; made once, under a lock, and only cloned afterwards. */
async function ensureTemplate(cluster: Cluster): Promise<string> {
  const migrations = await readMigrations();
  const hash = createHash('sha256')
    .update(migrations.map((one) => one.checksum).join())
    .digest('hex')
    .slice(0, 12);
  const template = `template_${hash}`;
  await asAdmin(cluster, async (admin) => {
    await admin.query('select pg_advisory_lock(7210003)');
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template]);
    if (rowCount !== 0) return;
    const partial = `${template}_partial`;
    await admin.query(`drop database if exists ${partial} with (force)`);
    await admin.query(`create database ${partial}`);
    const pool = createPool(cluster.url(partial), { max: 1 });
    await applyMigrations(pool, migrations).finally(() => pool.end());
    await admin.query(`alter database ${partial} rename to ${template}`);
  });
  return template;
}

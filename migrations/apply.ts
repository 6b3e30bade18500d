/**
 * Brings a database to the schema of this checkout.
 *
 * M1  Files `NNNN_name.sql` apply in the order of their numbers, each in one transaction together with its record.
 * M2  Concurrent starts are fine: one applies under an advisory lock, the others wait and find nothing to do.
 * M3  An applied file never changes: its checksum is kept and a difference stops the start.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Fault } from '@datacraft/shared';
import type pg from 'pg';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

const LOCK_KEY = 7_210_001;

export async function readMigrations(directory: URL = new URL('.', import.meta.url)): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, directory), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Returns the names it applied. */
export async function applyMigrations(pool: pg.Pool, migrations?: readonly Migration[]): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations());
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY]);
    try {
      return await applyMissing(client, wanted);
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCK_KEY]);
    }
  } finally {
    client.release();
  }
}

async function applyMissing(client: pg.PoolClient, wanted: readonly Migration[]): Promise<string[]> {
  await client.query(`create table if not exists schema_migrations (
    name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migrations',
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  refuseStrangers(applied, wanted);
  const done: string[] = [];
  for (const migration of wanted) {
    if (applied.has(migration.name)) continue;
    await applyOne(client, migration);
    done.push(migration.name);
  }
  return done;
}

function refuseStrangers(applied: ReadonlyMap<string, string>, wanted: readonly Migration[]): void {
  const byName = new Map(wanted.map((migration) => [migration.name, migration]));
  for (const [name, checksum] of applied) {
    const known = byName.get(name);
    if (!known) {
      throw new Fault(
        'config-invalid',
        `the database has migration ${name}, which this version does not know; it was used by a newer DataCraft: start that version`,
      );
    }
    if (known.checksum !== checksum) {
      throw new Fault(
        'config-invalid',
        `migration ${name} is not the one that this database was made with; restore the file or use an empty database`,
      );
    }
  }
}

async function applyOne(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'internal',
      `migration ${migration.name} failed and was rolled back: ${reason}`,
      {},
      { cause: error },
    );
  }
}

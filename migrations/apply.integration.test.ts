import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Migration } from './apply.ts';
import { applyMigrations, readMigrations } from './apply.ts';
import type { TestDatabase } from './test-database.ts';
import { createTestDatabase } from './test-database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await database.pool.query('drop schema public cascade; create schema public');
});
afterEach(() => database.close());

const migration = (name: string, sql: string): Migration => ({ name, sql, checksum: `sum of ${sql}` });

describe('applyMigrations', () => {
  it('M1 brings an empty database up to date, and a second time does nothing', async () => {
    const names = (await readMigrations()).map((one) => one.name);
    expect(await applyMigrations(database.pool)).toEqual(names);
    expect(await applyMigrations(database.pool)).toEqual([]);
    await database.pool.query('select * from users, notebooks, runs, iceberg_tables');
  });

  it('M2 applies each once when ten start at once', async () => {
    const done = await Promise.all(Array.from({ length: 8 }, () => applyMigrations(database.pool)));
    expect(done.flat()).toEqual((await readMigrations()).map((one) => one.name));
  });

  it('M1 leaves nothing of one that fails, and keeps those before it', async () => {
    const good = migration('0001_good.sql', 'create table good (n int)');
    const bad = migration('0002_bad.sql', 'create table half (n int); select nonsense');
    await expect(applyMigrations(database.pool, [good, bad])).rejects.toThrow(
      /0002_bad\.sql failed and was rolled back/,
    );
    await expect(database.pool.query('select * from half')).rejects.toThrow();
    expect(await applyMigrations(database.pool, [good])).toEqual([]);
  });

  it('M3 refuses a file that changed and a database from the future', async () => {
    await applyMigrations(database.pool, [migration('0001_a.sql', 'select 1')]);
    await expect(applyMigrations(database.pool, [migration('0001_a.sql', 'select 2')])).rejects.toThrow(/not the one/);
    await expect(applyMigrations(database.pool, [])).rejects.toThrow(/newer DataCraft/);
  });
});

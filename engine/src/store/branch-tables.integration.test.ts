import { createTestDatabase } from '@datacraft/migrations/testing';
import { expect, it } from 'vitest';
import { createPool } from '../../../server/src/database/pool.ts';
import { inSpace } from './branch-database.ts';
import { BRANCH_TABLES, dropBranchTables, forkTables } from './branch-tables.ts';
import { databaseOf } from './database.ts';

/** Tables that speak of relations or models by name, and why a run of a branch does not need its own. */
const OF_MAIN = {
  exports: 'nothing leaves a branch',
  streams: 'a branch has no streams',
  stream_exports: 'a branch has no streams',
  stream_events: 'nothing is pushed to a branch',
  tasks: 'of a run, whose id is its own',
  table_reads: 'who asked for which table, counted for people',
  model_predictions: 'answers of the API, which asks models of main',
  model_rollout_history: 'of rollouts, which are of main',
  model_rollouts: 'the API rolls versions of main out; a promotion in a branch ends none',
};

it('each table that names relations or models is in the schema of a branch, or is said to be of main alone', async () => {
  const database = await createTestDatabase();
  try {
    const { rows } = await database.pool.query(
      `select distinct table_name as name from information_schema.columns
        where table_schema = 'public'
          and (column_name in ('layer', 'table_namespace', 'model', 'relation') or table_name ~ '^(model|online)')
          and table_name in (select table_name from information_schema.tables where table_type = 'BASE TABLE')
        order by table_name`,
    );
    const known = new Set<string>([...BRANCH_TABLES, ...Object.keys(OF_MAIN)]);
    expect(rows.map((row) => row.name as string).filter((name) => !known.has(name))).toEqual([]);
  } finally {
    await database.close();
  }
});

it('main is where the search path of the connection finds it, whatever its schema is called', async () => {
  const database = await createTestDatabase();
  await database.pool.query('alter schema public rename to "the Craft"');
  const options = encodeURIComponent('-c search_path="the\\ Craft"');
  const pool = createPool(`${database.url}?options=${options}`);
  try {
    const db = databaseOf(pool);
    const insert = (owner: string, name: string) =>
      db.query(
        `insert into relations (layer, name, owner_key, owner_title, cell, kind, fingerprint)
         values ('silver', $2, $1, '', $2, 'table', 'f1')`,
        [`notebook:${owner}`, name],
      );
    await insert('nb_parent', 'orders');
    await insert('nb_other', 'people');
    const branchId = 'brn_0123456789abcdef';
    await forkTables(db, { branchId, parentId: 'nb_parent', title: 'Orders' });
    const branch = inSpace(db, branchId);
    await branch.query(`update relations set fingerprint = 'f2' where name = 'orders'`);
    const read = async (from: typeof db) =>
      (await from.query('select name, fingerprint from readable_relations order by name')).rows;
    expect(await read(branch)).toEqual([
      { name: 'orders', fingerprint: 'f2' },
      { name: 'people', fingerprint: 'f1' },
    ]);
    expect(await read(db)).toEqual([
      { name: 'orders', fingerprint: 'f1' },
      { name: 'people', fingerprint: 'f1' },
    ]);
    await db.transaction((tx) => dropBranchTables(tx, branchId));
    await expect(branch.query('select 1 from relations')).resolves.toMatchObject({ rowCount: 2 });
  } finally {
    await pool.end();
    await database.close();
  }
});

import { createTestDatabase } from '@datacraft/migrations/testing';
import { expect, it } from 'vitest';
import { BRANCH_TABLES } from './branch-tables.ts';

/** Tables that speak of relations or models by name, and why a run of a branch does not need its own. */
const OF_MAIN = {
  exports: 'nothing leaves a branch',
  streams: 'a branch has no streams',
  stream_exports: 'a branch has no streams',
  stream_events: 'nothing is pushed to a branch',
  tasks: 'of a run, whose id is its own',
  table_reads: 'who asked for which table, counted for people',
  model_predictions: 'answers of the API, which asks models of main',
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

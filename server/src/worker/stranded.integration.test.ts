import { createTestDatabase } from '@datacraft/migrations/testing';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { runMigrations } from 'graphile-worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strandedRuns } from './stranded.ts';
import { enqueueRun } from './queue.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await runMigrations({ pgPool: database.pool });
});
afterAll(() => database.close());

/** A run that was queued a minute ago, with its job as `job` makes it. */
async function queued(id: string, job = '', trigger = 'manual'): Promise<void> {
  await database.pool.query(
    `insert into runs (id, owner_key, state, trigger, request, document, created_at)
     values ($1, 'file:a', 'queued', $2, '{}', '{}', now() - interval '1 minute')`,
    [id, trigger],
  );
  await enqueueRun(database.pool, id);
  if (job !== '') await database.pool.query(`update graphile_worker._private_jobs set ${job} where key = 'run:${id}'`);
}

describe('strandedRuns', () => {
  it('finds queued runs whose job was taken and never given back, was given up, or is gone; and no others', async () => {
    await queued('run_waits');
    await queued('run_taken_now', `locked_at = now(), locked_by = 'alive', attempts = 1`);
    await queued('run_of_command', `locked_at = now() - interval '1 minute', locked_by = 'gone'`, 'cli');
    await queued('run_taken', `locked_at = now() - interval '1 minute', locked_by = 'gone', attempts = 1`);
    await queued('run_given_up', 'attempts = max_attempts');
    await queued('run_without', `key = null`);
    const stranded = await strandedRuns(database.pool);
    expect(stranded.toSorted()).toEqual(['run_given_up', 'run_taken', 'run_without']);
    for (const id of stranded) await enqueueRun(database.pool, id);
    expect(await strandedRuns(database.pool)).toEqual([]);
    const { rows } = await database.pool.query(
      `select key from graphile_worker.jobs where locked_at is null and attempts < max_attempts and key is not null`,
    );
    expect(rows.map((row) => row.key as string).toSorted()).toEqual(
      ['run_given_up', 'run_taken', 'run_waits', 'run_without'].map((id) => `run:${id}`),
    );
  });
});

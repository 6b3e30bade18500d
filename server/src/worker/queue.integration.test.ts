import { createTestDatabase } from '@datacraft/migrations/testing';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { Logger, run, runMigrations } from 'graphile-worker';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enqueueNext, enqueueRun, keepQueue } from './queue.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  database.pool.on('connect', (client) => client.on('error', () => undefined));
  await runMigrations({ pgPool: database.pool });
});
afterAll(() => database.close());

async function queued(id: string, owner: string, trigger = 'manual', priority = 0): Promise<void> {
  await database.pool.query(
    `insert into runs (id, owner_key, state, trigger, request, document, priority) values ($1, $2, 'queued', $3, '{}', '{}', $4)`,
    [id, owner, trigger, priority],
  );
}

describe('enqueueNext', () => {
  it('wakes the run of the same owner that waited longest, those of higher priority first, and no command', async () => {
    await queued('run_ended', 'notebook:a');
    await queued('run_command', 'notebook:a', 'cli', -1);
    await queued('run_backfill', 'notebook:a', 'backfill', 10);
    await queued('run_other', 'notebook:b');
    await queued('run_next', 'notebook:a');
    await queued('run_last', 'notebook:a');
    await database.pool.query(`update runs set state = 'succeeded' where id = 'run_ended'`);
    await enqueueRun(database.pool, 'run_next', { delayMs: 3_600_000 });
    await enqueueNext(database.pool, 'run_ended');
    const { rows } = await database.pool.query(`select key, run_at <= now() as due from graphile_worker.jobs`);
    expect(rows).toEqual([{ key: 'run:run_next', due: true }]);
    await enqueueNext(database.pool, 'run_nobody_knows');
  });
});

describe('keepQueue', () => {
  it('goes on after the queue ended by itself, and not after it was stopped', async () => {
    const taken: string[] = [];
    let begun = 0;
    const begin = () => {
      begun += 1;
      return run({
        pgPool: database.pool,
        noHandleSignals: true,
        parsedCronItems: [],
        logger: new Logger(() => () => undefined),
        taskList: { probe: (payload) => void taken.push(String(payload)) },
      });
    };
    const queue = await keepQueue(begin, pino({ level: 'silent' }), 1);
    const exitCode = process.exitCode;
    await expect
      .poll(
        async () => {
          await database.pool.query(`select pg_notify('worker:migrate', '{"breaking": true, "migrationNumber": 999}')`);
          return begun;
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(1);
    process.exitCode = exitCode;
    await database.pool.query(`select graphile_worker.add_job('probe', '"after"')`);
    await expect.poll(() => taken, { timeout: 30_000 }).toEqual(['after']);
    await queue.stop();
    const before = begun;
    await database.pool.query(`select graphile_worker.add_job('probe', '"never"')`);
    expect([begun, taken]).toEqual([before, ['after']]);
  });
});

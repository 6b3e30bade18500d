import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import type { Notebook, ScheduleSpec } from '@datacraft/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database, Queryable } from '../store/database.ts';
import { databaseOf } from '../store/database.ts';
import { adoptSchedule } from './adopt.ts';
import { tick } from './tick.ts';

const T0 = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
const at = (minutes: number, seconds = 0) => new Date(T0 + minutes * MINUTE + seconds * 1_000);
let database: TestDatabase;
let db: Database;
let jobs: string[];
const enqueue = async (tx: Queryable, runId: string) => {
  await tx.query('select 1');
  jobs.push(runId);
};

beforeAll(async () => {
  database = await createTestDatabase();
  db = databaseOf(database.pool);
});
afterAll(() => database.close());
beforeEach(async () => {
  jobs = [];
  await db.query('delete from notebooks');
});

async function publish(schedule: ScheduleSpec, version = 1, now = at(0)): Promise<void> {
  const input = { id: 'c1', kind: 'input', name: 'logical_date', order: 'a0', source: '', config: { type: 'date' } };
  const document = { title: 'T', meta: { schedule }, cells: [input] } as unknown as Notebook;
  await db.query(`insert into notebooks (id, title) values ('nb_1', 'T') on conflict do nothing`);
  await db.query(
    `insert into publications (notebook_id, version, title, layout, document) values ('nb_1', $1, 'T', '{}', $2)`,
    [version, JSON.stringify(document)],
  );
  await db.transaction((tx) => adoptSchedule(tx, { notebookId: 'nb_1', version, notebook: document, by: null, now }));
}

const slots = async () =>
  (
    await db.query<{ slot: string }>(
      `select to_char(due_at at time zone 'UTC', 'HH24:MI ') || decision as slot from schedule_slots order by due_at`,
    )
  ).rows.map((row) => row.slot);
const runs = async () =>
  (
    await db.query<{ id: string; logical: Date; start: Date; version: number; params: object; state: string }>(
      `select id, logical_at as logical, interval_start as start, version, request -> 'params' as params, state
       from runs order by logical_at, created_at`,
    )
  ).rows;
const end = (state: string) => db.query(`update runs set state = $1 where state = 'queued'`, [state]);

describe('a tick', () => {
  it('T3 records one run for a due time, pinned to the version and bound to its interval', async () => {
    await publish({ cron: '*/15 * * * *', timezone: 'America/Sao_Paulo' });
    await tick({ db, enqueue }, at(14, 59));
    expect(await runs()).toEqual([]);
    await tick({ db, enqueue }, at(15));
    await tick({ db, enqueue }, at(15, 1));
    expect(await slots()).toEqual(['12:15 run']);
    expect(await runs()).toMatchObject([
      { logical: at(15), start: at(0), version: 1, params: { logical_date: '2026-01-05' }, state: 'queued' },
    ]);
    expect(jobs).toHaveLength(1);
  });

  it('T1 rolls back whole when it dies between slot and dispatch, and the next look makes it up once', async () => {
    await publish({ every: '1 minute' });
    const dies = () => Promise.reject(new Error('killed'));
    await expect(tick({ db, enqueue: dies }, at(1))).rejects.toThrow('killed');
    expect([await slots(), await runs()]).toEqual([[], []]);
    await tick({ db, enqueue }, at(1, 5));
    expect(await slots()).toEqual(['12:01 run']);
  });

  it('T2 two schedulers over ten due times, in any order, decide each once', async () => {
    await publish({ every: '1 minute', overlap: 'queue', missed: 'all' });
    for (let minute = 1; minute <= 10; minute += 1)
      await Promise.all([1, 2, 3].map((second) => tick({ db, enqueue }, at(minute, second))));
    expect(await slots()).toHaveLength(10);
    expect(new Set((await runs()).map((run) => run.logical.getTime())).size).toBe(10);
    expect(jobs).toHaveLength(10);
  });

  it('a clock set back decides nothing again; set forward it records what was missed', async () => {
    await publish({ every: '30 minutes' });
    await tick({ db, enqueue }, at(30));
    await end('succeeded');
    await tick({ db, enqueue }, at(-30));
    await tick({ db, enqueue }, at(29));
    expect(await slots()).toEqual(['12:30 run']);
    await tick({ db, enqueue }, at(100));
    expect(await slots()).toEqual(['12:30 run', '13:00 missed', '13:30 run']);
  });

  it('makes up all of a long absence, oldest first, in as many looks as it takes', async () => {
    await publish({ every: '1 minute', missed: 'all', overlap: 'queue' });
    for (let look = 0; look < 4; look += 1) await tick({ db, enqueue }, at(500));
    expect(await slots()).toHaveLength(500);
    expect((await runs()).map((run) => run.logical.getTime())).toEqual(
      Array.from({ length: 500 }, (_, index) => at(index + 1).getTime()),
    );
  });

  it('replaces what runs, and coalesces into one that waits', async () => {
    await publish({ every: '1 minute', overlap: 'replace' });
    await tick({ db, enqueue }, at(1));
    await tick({ db, enqueue }, at(2));
    expect((await runs()).map((run) => run.state)).toEqual(['cancelled', 'queued']);
    await publish({ cron: '* * * * *', overlap: 'coalesce' }, 2, at(2));
    await tick({ db, enqueue }, at(3));
    await tick({ db, enqueue }, at(4));
    expect(await slots()).toEqual(['12:01 run', '12:02 run', '12:03 coalesced', '12:04 coalesced']);
    expect((await runs()).at(-1)).toMatchObject({ logical: at(4), start: at(1), state: 'queued' });
  });

  it('T4 pauses and tells whole or not at all: killed between the two, both come at the next look', async () => {
    await publish({ every: '1 minute', pause_after: 1 });
    await tick({ db, enqueue }, at(1));
    await end('failed');
    const dies = () => Promise.reject(new Error('killed'));
    await expect(tick({ db, enqueue, onPaused: dies }, at(2))).rejects.toThrow('killed');
    const told: string[] = [];
    const onPaused = async (tx: Queryable) => {
      const { rows } = await tx.query<{ because: string }>('select paused_because as because from schedules');
      told.push(...rows.map(({ because }) => because));
    };
    for (const minute of [3, 4, 5]) await tick({ db, enqueue, onPaused }, at(minute));
    expect(told).toEqual(['1 runs in a row failed; mend what failed, then resume the schedule']);
  });

  it('pauses itself after so many failures in a row, and says why', async () => {
    await publish({ every: '1 minute', pause_after: 2 });
    await tick({ db, enqueue }, at(1));
    await end('failed');
    await tick({ db, enqueue }, at(2));
    await end('failed');
    const [done] = await tick({ db, enqueue }, at(3));
    expect(done?.pausedBecause?.values).toEqual({ count: 2 });
    await tick({ db, enqueue }, at(4));
    expect(await slots()).toEqual(['12:01 run', '12:02 run']);
  });

  it('a new version with the same times loses nothing that fell due before it', async () => {
    await publish({ every: '1 minute' });
    await publish({ every: '1 minute' }, 2, at(1, 1));
    await tick({ db, enqueue }, at(1, 2));
    expect(await runs()).toMatchObject([{ logical: at(1), version: 2 }]);
    await publish({ every: '1 hour' }, 3, at(1, 30));
    await tick({ db, enqueue }, at(30));
    expect(await slots()).toEqual(['12:01 run']);
  });
});

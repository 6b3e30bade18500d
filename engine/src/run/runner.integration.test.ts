import { createTestDatabase } from '@datacraft/migrations/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, relationName } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRelations } from '../store/relations.ts';
import { requestCancel } from '../store/runs.ts';
import { execute } from './runner.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

describe('a run', () => {
  it('publishes what it made, and a second one finds everything fresh', async () => {
    const text = sqlCells({ one: 'select 1 as a', two: 'select a + 1 as b from one' });
    const first = await shop.run(text);
    expect(first.state).toBe('succeeded');
    expect(await shop.rows('select b from silver.two')).toEqual([[2]]);
    const second = await shop.run(text);
    expect(second.tasks.map((task) => [task.state, task.reason])).toEqual([
      ['skipped', 'fresh'],
      ['skipped', 'fresh'],
    ]);
    expect(taskOf(second, 'two').snapshotId).toBe(taskOf(first, 'two').snapshotId);
  });

  it('R1 R2 blocks what reads a failed cell, keeps its last good rows, and publishes the rest', async () => {
    const good = sqlCells({ base: 'select 1 as x', mid: 'select x from base', other: 'select 5 as y' });
    await shop.run(good, { owner: 'r' });
    const bad = sqlCells({
      base: "select 'no number'::int as x",
      mid: 'select x from base',
      other: 'select 6 as y',
    });
    const report = await shop.run(bad, { owner: 'r' });
    expect(report.state).toBe('failed');
    expect(taskOf(report, 'base').error?.code).toBe('query-failed');
    expect(taskOf(report, 'mid')).toMatchObject({ state: 'failed', reason: 'blocked by base' });
    expect(taskOf(report, 'other').state).toBe('succeeded');
    expect(await shop.rows('select x, y from silver.mid, silver.other')).toEqual([[1, 6]]);
  });

  it('keeps a table without rows, and refuses a SELECT without columns', async () => {
    const report = await shop.run(
      sqlCells({
        nothing: 'select 1 as a where false',
        counted: 'select count(*) as n from nothing',
        bare: 'select * exclude (a) from nothing',
      }),
      { owner: 'e' },
    );
    expect(taskOf(report, 'nothing')).toMatchObject({ state: 'succeeded', rowsWritten: 0 });
    expect(await shop.rows('select n from silver.counted')).toEqual([['0']]);
    expect(taskOf(report, 'bare')).toMatchObject({ state: 'failed', error: { code: 'query-failed' } });
  });

  it('tells line and column of an error in the text of the cell that has it, also of an inlined one', async () => {
    const report = await shop.run(
      sqlCells({
        own: 'select 1 as a,\n  nope as b',
        hidden: '---\nmaterialize: ephemeral\n---\nselect 1 as a,\n\n missing as b',
        shown: 'select * from hidden',
      }),
      { owner: 'p' },
    );
    expect(taskOf(report, 'own').error).toMatchObject({ code: 'query-failed', line: 2, column: 3 });
    expect(taskOf(report, 'shown').error).toMatchObject({ cell: 'hidden', line: 3, column: 2 });
    expect(taskOf(report, 'shown').error?.message).toContain('missing');
  });

  it('refuses a table of another notebook before any work', async () => {
    await shop.run(sqlCells({ taken: 'select 1 as a' }), { owner: 'first' });
    const report = await shop.run(sqlCells({ taken: 'select 2 as a' }), { owner: 'second' });
    expect(taskOf(report, 'taken').error).toMatchObject({ code: 'table-owned' });
    expect(await shop.rows('select a from silver.taken')).toEqual([[1]]);
  });
});

describe('cancelling', () => {
  const endless = sqlCells({
    quick: 'select 7 as a',
    slow: 'select count(*) as n from range(100000000) a, range(100000000) b where a.range % 7 = b.range % 3',
  });

  it('R3 ends a run within seconds, publishes nothing and says so', async () => {
    const input = await shop.input(endless, { owner: 'c' });
    const lease = await shop.begin(input);
    const running = execute({ input, lease, deps: shop.deps, signal: new AbortController().signal });
    while (!shop.events.some((event) => event.type === 'task' && event.task.cell === 'slow')) await sleep(20);
    await requestCancel(shop.deps.db, lease.runId);
    const report = await running;
    expect(report.state).toBe('cancelled');
    expect(new Set(report.tasks.map((task) => task.state))).toEqual(new Set(['cancelled']));
    await expect(shop.rows('select * from silver.quick')).rejects.toThrow(/not published/);
  });

  it('tells how far a long task is while it runs', async () => {
    const stop = new AbortController();
    const progress = () => shop.events.some((event) => event.type === 'task' && event.progress !== undefined);
    const running = shop.run(endless, { owner: 'c', signal: stop.signal });
    for (let waited = 0; waited < 400 && !progress(); waited += 1) await sleep(50);
    stop.abort();
    await running;
    expect(progress()).toBe(true);
  });
});

describe('trying again', () => {
  /** The first sessions die as if their process had been killed. */
  function dying(times: number) {
    let left = times;
    const { duck } = shop.deps;
    return {
      ...duck,
      open: async (options?: Parameters<typeof duck.open>[0]) => {
        left -= 1;
        if (left >= 0) throw new Fault('worker-died', 'the process ended');
        return duck.open(options);
      },
    };
  }

  it('R5 does a task again when its process died, and records each try', async () => {
    const report = await shop.run(sqlCells({ stubborn: 'select 1 as a' }), {
      owner: 't1',
      deps: { duck: dying(2) },
    });
    expect(report.state).toBe('succeeded');
    const { rows } = await shop.deps.db.query<{ attempt: number; code: string | null }>(
      `select attempt, error ->> 'code' as code from attempts where run_id = $1 order by attempt`,
      [report.runId],
    );
    expect(rows.map((row) => row.code)).toEqual(['worker-died', 'worker-died', null]);
  });

  it('R5 gives up after the third try, and never tries a query twice that is wrong', async () => {
    const dead = await shop.run(sqlCells({ hopeless: 'select 1 as a' }), { owner: 't2', deps: { duck: dying(3) } });
    expect(taskOf(dead, 'hopeless').error?.code).toBe('worker-died');
    const wrong = await shop.run(sqlCells({ wrong: "select 'x'::int as a" }), { owner: 't3' });
    const { rows } = await shop.deps.db.query(`select 1 from attempts where run_id = $1`, [wrong.runId]);
    expect(rows).toHaveLength(1);
  });
});

describe('runs of one notebook', () => {
  it('follow one another: the second finds everything fresh', async () => {
    const text = sqlCells({ only: 'select sum(range) as s from range(200000)' });
    const reports = await Promise.all([shop.run(text, { owner: 's' }), shop.run(text, { owner: 's' })]);
    expect(reports.map((report) => taskOf(report, 'only').state).sort()).toEqual(['skipped', 'succeeded']);
  });

  it('I5 publishes nothing under a lease that another has taken', async () => {
    const input = await shop.input(sqlCells({ zombie: 'select 1 as a' }), { owner: 'z' });
    const lease = await shop.begin(input);
    await shop.deps.db.query(`update runs set lease_epoch = lease_epoch + 1 where id = $1`, [lease.runId]);
    const work = execute({ input, lease, deps: shop.deps, signal: new AbortController().signal });
    await expect(work).rejects.toMatchObject({ code: 'lease-lost' });
    await expect(shop.rows('select * from silver.zombie')).rejects.toThrow(/not published/);
  });

  it('stops when its row is deleted under it', async () => {
    const input = await shop.input(sqlCells({ gone: 'select 1 as a' }), { owner: 'g' });
    const lease = await shop.begin(input);
    await shop.deps.db.query(`delete from runs where id = $1`, [lease.runId]);
    const work = execute({ input, lease, deps: shop.deps, signal: new AbortController().signal });
    await expect(work).rejects.toMatchObject({ code: 'lease-lost' });
  });

  it('retires the table of a cell that is renamed, deleted or moved, and takes it back when one makes it again', async () => {
    const retired = async () =>
      (await listRelations(shop.deps.db))
        .filter(({ ownerKey, retiredAt }) => ownerKey === 'file:/t.md' && retiredAt !== null)
        .map(({ ref }) => relationName(ref));
    const before = sqlCells({ t_kept: 'select 1 as a', t_old: 'select 2 as a', t_moved: 'select 3 as a' });
    await shop.run(before, { owner: 't' });
    const broken = sqlCells({ t_kept: 'select', t_old: 'select 2 as a', t_moved: 'select 3 as a' });
    await shop.run(broken, { owner: 't', select: ['t_old'] });
    expect(await retired()).toEqual([]);
    const after = sqlCells({
      t_kept: 'select 1 as a',
      t_new: 'select 2 as a',
      t_moved: '---\nlayer: gold\n---\nselect 3 as a',
    });
    await shop.run(after, { owner: 't' });
    expect(await retired()).toEqual(['silver.t_moved', 'silver.t_old']);
    expect(await shop.rows('select a from silver.t_old')).toEqual([[2]]);
    await shop.run(before, { owner: 't' });
    expect(await retired()).toEqual(['gold.t_moved', 'silver.t_new']);
  });

  it('gives a retired name to the cell that publishes it next, which begins anew, and to nobody else after it', async () => {
    const adding = '---\nmaterialize: incremental\nstrategy: append\n---\nselect 1 as a';
    await shop.run(sqlCells({ left: adding }), { owner: 'leaver' });
    await shop.run(sqlCells({ other: 'select 1 as a' }), { owner: 'leaver' });
    const report = await shop.run(sqlCells({ left: adding }), { owner: 'taker' });
    expect(taskOf(report, 'left')).toMatchObject({ state: 'succeeded', rowsWritten: 1 });
    expect(await shop.rows('select a from silver.left')).toEqual([[1]]);
    const late = await shop.run(sqlCells({ left: adding }), { owner: 'leaver' });
    expect(taskOf(late, 'left').error).toMatchObject({ code: 'table-owned' });
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '@datacraft/migrations/testing';
import type { RunReport } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DuckPool } from '../duckdb/session.ts';
import { createApiServer } from '../source/testing/api-server.ts';
import { loadAttempts, startAttempt } from '../store/attempts.ts';
import { claimRun } from '../store/lease.ts';
import type { RunDeps } from './context.ts';
import { PARKED } from './lease.ts';
import { execute } from './runner.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const endless = 'select count(*) as n from range(100000000) a, range(100000000) b where a.range % 7 = b.range % 3';
const codesOf = async ({ runId }: RunReport) =>
  (await loadAttempts(shop.deps.db, runId)).map(({ cell, error }) => [cell, error?.code ?? null]);
const warnings = async ({ runId }: RunReport) => {
  const { rows } = await shop.deps.db.query<{ message: string }>(
    `select message from run_logs where run_id = $1 and level = 'warn' order by id`,
    [runId],
  );
  return rows.map(({ message }) => message);
};

describe('the limits of a cell', () => {
  it('attempt_timeout stops each attempt, makes the next, and fails the cell alone', async () => {
    const limits = '---\nretries: { max_attempts: 2 }\nattempt_timeout: 1 second\n---\n';
    const report = await shop.run(sqlCells({ slow: limits + endless, quick: 'select 7 as a' }), { owner: 'attempt' });
    expect(taskOf(report, 'slow').error).toMatchObject({ code: 'timed-out' });
    expect(taskOf(report, 'slow').error?.message).toContain('attempt_timeout of 1 s');
    expect((await codesOf(report)).filter(([cell]) => cell === 'slow')).toEqual([
      ['slow', 'timed-out'],
      ['slow', 'timed-out'],
    ]);
    expect(await warnings(report)).toEqual([expect.stringContaining('attempt 1 failed: the attempt took longer')]);
    expect(await shop.rows('select a from silver.quick')).toEqual([[7]]);
  });

  it('total_timeout ends them all, however many attempts are left', async () => {
    const limits =
      '---\nretries: { max_attempts: 50, cap: 1 second }\nattempt_timeout: 1 second\ntotal_timeout: 3 seconds\n---\n';
    const report = await shop.run(sqlCells({ whole: limits + endless }), { owner: 'total' });
    expect(taskOf(report, 'whole').error).toMatchObject({ code: 'timed-out' });
    expect(taskOf(report, 'whole').error?.message).toContain('total_timeout of 3 s');
    expect((await codesOf(report)).length).toBeLessThan(5);
  });

  it('a source that does not answer is asked again before its task, and its first attempt is shown', async () => {
    let asked = 0;
    const never = new Promise<never>(() => undefined);
    const api = await createApiServer(() => ((asked += 1) === 1 ? never : { body: [{ id: asked }] }));
    const remote = {
      allowedHosts: [api.host],
      secret: (name: string) => Promise.reject(new Fault('not-found', `no secret ${name}`)),
      connection: (name: string) => Promise.reject(new Fault('not-found', `no connection ${name}`)),
    };
    const cell = `\`\`\`source hanging\ntype: http\nurl: ${api.origin}/orders\nattempt_timeout: 1 second\n\`\`\`\n`;
    const report = await shop.run(cell, { owner: 'hanging', deps: { remote } });
    expect(taskOf(report, 'hanging')).toMatchObject({ state: 'succeeded', rowsWritten: 1 });
    expect(await codesOf(report)).toEqual([
      ['hanging', 'timed-out'],
      ['hanging', null],
    ]);
    await api.stop();
  });

  it('change no row: a cell whose limits change stays fresh', async () => {
    const text = (limits: string) => sqlCells({ same: `---\n${limits}\n---\nselect 1 as a` });
    await shop.run(text('attempt_timeout: 1 hour'), { owner: 'fresh' });
    const report = await shop.run(text('retries: { max_attempts: 9, backoff: 2 seconds }'), { owner: 'fresh' });
    expect(taskOf(report, 'same')).toMatchObject({ state: 'skipped', reason: 'fresh' });
  });
});

describe('a run that another worker takes over', () => {
  const died = () => Promise.reject(new Fault('worker-died', 'the process ended'));
  const cells = (limits: string) => sqlCells({ taken: `---\n${limits}\n---\nselect 1 as a` });
  const hanging: DuckPool['open'] = ({ signal } = {}) =>
    new Promise((_, stop) => signal?.addEventListener('abort', () => stop(new Fault('cancelled', 'cancelled'))));
  const withDuck = (open: DuckPool['open']): RunDeps => ({ ...shop.deps, duck: { ...shop.deps.duck, open } });
  const going = () => new AbortController().signal;
  /** The lease runs out as that of a worker that is gone does. */
  const takenOver = async (runId: string) => {
    await shop.deps.db.query(`update runs set lease_expires_at = now() - interval '1 second' where id = $1`, [runId]);
    const claim = await claimRun(shop.deps.db, runId, 'elsewhere:2:test');
    if (claim.kind !== 'claimed') throw new Error(`the run is ${claim.kind}`);
    return claim.lease;
  };
  const until = async (isSo: () => Promise<boolean>) => {
    while (!(await isSo())) await sleep(20);
  };
  const attemptsOf = async (runId: string) => {
    const made = await loadAttempts(shop.deps.db, runId);
    return made.map(({ attempt, error, finishedAt }) => [attempt, error?.code ?? null, finishedAt !== null]);
  };

  it('A3 counts attempts on: those that failed, and the one that its worker cut off', async () => {
    const input = await shop.input(cells('retries: { max_attempts: 3, cap: 1 second }'), { owner: 'over' });
    const first = await shop.begin(input);
    let opened = 0;
    const open: DuckPool['open'] = (options) => ((opened += 1) === 1 ? died() : hanging(options));
    const lost = execute({ input, lease: first, deps: withDuck(open), signal: going() });
    lost.catch(() => {}); // Waited for below.
    await until(async () => (await attemptsOf(first.runId)).length === 2);
    const second = await takenOver(first.runId);
    const report = await execute({ input, lease: second, deps: withDuck(died), signal: going() });
    expect(report.state).toBe('failed');
    expect(await attemptsOf(first.runId)).toEqual([
      [1, 'worker-died', true],
      [2, 'worker-died', true],
      [3, 'worker-died', true],
    ]);
    await expect(lost).rejects.toMatchObject({ code: 'lease-lost' });
    expect(opened).toBe(2);
  });

  it('A3 is told when none is left, and makes none', async () => {
    const input = await shop.input(cells('retries: { max_attempts: 1 }'), { owner: 'none_left' });
    const first = await shop.begin(input);
    await startAttempt(shop.deps.db, first.runId, 'taken');
    const lease = await takenOver(first.runId);
    const report = await execute({ input, lease, deps: shop.deps, signal: going() });
    expect(taskOf(report, 'taken').error?.message).toContain(
      'no attempt is left for the worker that took the run over: 1',
    );
    expect(await attemptsOf(first.runId)).toEqual([[1, 'worker-died', true]]);
  });

  it('A3 does not count what a worker gave back in good order, nor what went well', async () => {
    const input = await shop.input(cells('retries: { max_attempts: 1 }'), { owner: 'given_back' });
    const first = await shop.begin(input);
    const parking = new AbortController();
    const parked = execute({ input, lease: first, deps: withDuck(hanging), signal: parking.signal });
    await until(async () => (await attemptsOf(first.runId)).length === 1);
    parking.abort(PARKED);
    await expect(parked).rejects.toMatchObject({ code: 'cancelled' });
    const lease = await takenOver(first.runId);
    const report = await execute({ input, lease, deps: shop.deps, signal: going() });
    expect(report.state).toBe('succeeded');
    expect(await attemptsOf(first.runId)).toEqual([
      [1, 'cancelled', true],
      [2, null, true],
    ]);
  });
});

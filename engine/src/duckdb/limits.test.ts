import { afterAll, describe, expect, it } from 'vitest';
import { createDuckPool } from './pool.ts';
import { busiestChild, engineChildren } from './testing/children.ts';
import { createTestPool, faultOf } from './testing/pool.ts';

const test = await createTestPool({ size: 2, spillLimitMb: 20 });
const UNINTERRUPTIBLE = "select length(repeat('x', 2000000000))";
const ENDLESS = 'select count(*) from range(1000000000) a, range(100000) b where a.range + b.range = -1';

afterAll(async () => {
  await test.stop();
  expect(await engineChildren()).toEqual([]);
});

describe('limits of a session', () => {
  it('D2 a statement that listens is interrupted, and its child serves on', async () => {
    const before = await test.inSession(() => engineChildren());
    expect((await test.faultOf(ENDLESS, { timeoutMs: 200 })).code).toBe('timed-out');
    expect((await test.rows('select 1')).rows).toEqual([[1]]);
    expect(await engineChildren()).toEqual(expect.arrayContaining([...before]));
  });

  it('D2 a statement that does not listen is killed', async () => {
    const fault = await test.faultOf(UNINTERRUPTIBLE, { timeoutMs: 300 });
    expect(['timed-out', 'out-of-memory']).toContain(fault.code);
    expect((await test.rows('select 1')).rows).toEqual([[1]]);
  });

  it('D2 an abort ends the statement with cancelled, and the session with it', async () => {
    const stop = new AbortController();
    const session = await test.pool.open({ signal: stop.signal });
    const running = faultOf(session.rows(ENDLESS));
    stop.abort();
    expect((await running).code).toBe('cancelled');
    expect((await faultOf(session.rows('select 1'))).code).toBe('cancelled');
    await session.close();
  });

  it('D2 nothing is opened for a signal that is already aborted', async () => {
    expect((await faultOf(test.pool.open({ signal: AbortSignal.abort() }))).code).toBe('cancelled');
  });

  it('D2 time spent waiting for a turn counts', async () => {
    const holders = await Promise.all([test.pool.open(), test.pool.open()]);
    expect((await faultOf(test.pool.open({ timeoutMs: 100 }))).code).toBe('timed-out');
    const stop = new AbortController();
    const waiting = faultOf(test.pool.open({ signal: stop.signal }));
    stop.abort();
    expect((await waiting).code).toBe('cancelled');
    const next = test.pool.open();
    await holders[0]?.close();
    await (await next).close();
    await holders[1]?.close();
    expect((await test.rows('select 1')).rows).toEqual([[1]]);
  });

  it('closing while a statement runs ends it', async () => {
    const session = await test.pool.open();
    const running = faultOf(session.rows(ENDLESS));
    await session.close();
    expect((await running).code).toBe('cancelled');
    await session.close();
  });

  it.each([
    "select list(range || 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') from range(10000000)",
    "select string_agg(range || 'xxxxxxxxxxxxxxxxxxxxxxxxxxx', ',') from range(10000000)",
  ])('says out of memory for %s', async (sql) => {
    const fault = await test.faultOf(sql);
    expect(fault.code).toBe('out-of-memory');
    expect(fault.message).toContain('memory limit');
    expect((await test.rows('select 1')).rows).toEqual([[1]]);
  });

  it('says the disk is full when a statement spills more than it may', async () => {
    const fault = await test.faultOf(
      'select max(n + h + i + j) from (select row_number() over (order by h) n, * from (select hash(range)::double h, random() i, random() j from range(5000000)))',
      { writableDir: await test.dir('spilling'), memoryLimitMb: 100 },
    );
    expect(fault.code).toBe('disk-full');
  });

  it('hands over a text of 100 MB and refuses more than 256', async () => {
    const page = await test.inSession((session) => session.rows("select repeat('x', 100000000)"));
    expect(String(page.rows[0]?.[0])).toHaveLength(100_000_000);
    const wide = "select repeat('x', 10000000) from range(30)";
    expect((await test.faultOf(wide, { memoryLimitMb: 1000 })).code).toBe('too-large');
  });

  it('D3 a child that dies takes its own session only', async () => {
    const dying = await test.pool.open();
    const living = await test.pool.open();
    const running = faultOf(dying.rows(ENDLESS));
    const busy = await busiestChild();
    process.kill(busy, 'SIGSEGV');
    expect((await running).code).toBe('worker-died');
    expect((await living.rows('select 1')).rows).toEqual([[1]]);
    expect((await faultOf(dying.rows('select 1'))).code).toBe('worker-died');
    await Promise.all([dying.close(), living.close()]);
    expect((await test.rows('select 1')).rows).toEqual([[1]]);
  });
});

describe('stop', () => {
  it('fails what is open or waiting with cancelled and leaves no child', async () => {
    const pool = createDuckPool({ size: 1, memoryLimitMb: 100 });
    const before = await engineChildren();
    const session = await pool.open();
    await pool.parse('select 1');
    const running = faultOf(session.rows(ENDLESS));
    const waiting = faultOf(pool.open());
    await pool.stop();
    expect((await running).code).toBe('cancelled');
    expect((await waiting).code).toBe('cancelled');
    expect((await faultOf(pool.open())).code).toBe('cancelled');
    expect((await faultOf(pool.parse('select 1'))).code).toBe('cancelled');
    await session.close();
    const left = await engineChildren();
    expect(left.filter((pid) => !before.includes(pid))).toEqual([]);
  });
});

import type { Database } from '@datacraft/engine';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startScheduler } from './scheduler.ts';

let looks = 0;
let pause: Promise<void> = Promise.resolve();
/** A database without a schedule, that counts who asks it for the time. */
const db: Database = {
  query: async (text) => {
    if (!text.includes('as now')) return { rows: [], rowCount: 0 };
    looks += 1;
    await pause;
    return { rows: [], rowCount: 0 };
  },
  transaction: (work) => work(db),
};

beforeEach(() => {
  looks = 0;
  pause = Promise.resolve();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the scheduler', () => {
  it('looks at once when it is told that a schedule was changed, and else after a second', async () => {
    const scheduler = startScheduler({ db, log: pino({ level: 'silent' }) });
    await vi.advanceTimersByTimeAsync(1);
    expect(looks).toBe(1);
    scheduler.wake();
    await vi.advanceTimersByTimeAsync(1);
    expect(looks).toBe(2);
    await vi.advanceTimersByTimeAsync(998);
    expect(looks).toBe(2);
    await vi.advanceTimersByTimeAsync(2);
    expect(looks).toBe(3);
    await scheduler.stop();
    scheduler.wake();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(looks).toBe(3);
  });

  it('looks once more after a look in which it was told so', async () => {
    let go: () => void = () => undefined;
    pause = new Promise((resolve) => (go = resolve));
    const scheduler = startScheduler({ db, log: pino({ level: 'silent' }) });
    scheduler.wake();
    scheduler.wake();
    await vi.advanceTimersByTimeAsync(1);
    expect(looks).toBe(1);
    go();
    await vi.advanceTimersByTimeAsync(1);
    expect(looks).toBe(2);
    await scheduler.stop();
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { Attempts } from './attempt.ts';
import { policyOf } from './attempt-policy.ts';

const policy = (max_attempts: number, more = {}) => policyOf({ retries: { max_attempts }, ...more });
const going = () => new AbortController().signal;
const busy = () => new Fault('rate-limited', 'too often');

/** Fails so many times, then answers how often it was asked. */
function failing(times: number, error: () => Error = busy) {
  let asked = 0;
  return () => {
    asked += 1;
    return asked <= times ? Promise.reject(error()) : Promise.resolve(asked);
  };
}

describe('attempts', () => {
  it('end with the first that succeeds, and with the last failure', async () => {
    expect(await new Attempts(policy(3), () => 0).make(going(), failing(2))).toBe(3);
    await expect(new Attempts(policy(3), () => 0).make(going(), failing(3))).rejects.toThrow('too often');
  });

  it('made before there is a task count as those of the task', async () => {
    const attempts = new Attempts(policy(3), () => 0);
    const recorded: string[] = [];
    const record = async ({ code }: { code: string }) => void recorded.push(code);
    expect(await attempts.ahead(going(), failing(1), record)).toBe(2);
    expect([recorded, attempts.early().length]).toEqual([['rate-limited'], 1]);
    const heard: string[] = [];
    await expect(attempts.make(going(), failing(9), { onStart: () => heard.push('starts') })).rejects.toThrow(
      'too often',
    );
    expect(heard).toHaveLength(2);
  });

  it('that failed for good before there was a task are not made once more', async () => {
    const attempts = new Attempts(policy(2), () => 0);
    const error = await attempts.ahead(going(), failing(9)).catch((failure: unknown) => failure);
    let asked = 0;
    const again = () => {
      asked += 1;
      return Promise.reject(error);
    };
    await expect(attempts.make(going(), again)).rejects.toThrow('too often');
    expect([attempts.early().length, asked]).toEqual([1, 1]);
  });

  it('A3 go on where those of another worker ended, and are none when it made them all', async () => {
    const before = (failed: number) => ({
      failed,
      spentMs: 0,
      last: { code: 'rate-limited' as const, message: 'too often' },
    });
    const after = (failed: number) => new Attempts(policy(3), () => 0, before(failed));
    const heard: string[] = [];
    await expect(after(2).make(going(), failing(9), { onStart: () => heard.push('starts') })).rejects.toThrow(
      'too often',
    );
    expect(heard).toHaveLength(1);
    const none = after(3).make(going(), failing(0), { onStart: () => heard.push('starts') });
    await expect(none).rejects.toThrow('no attempt is left for the worker that took the run over: 3 were made');
    await expect(after(3).ahead(going(), failing(0))).rejects.toMatchObject({ code: 'worker-died' });
    expect(heard).toHaveLength(1);
  });

  it('A3 of which one is left before the task have one left in it', async () => {
    const attempts = new Attempts(policy(3), () => 0, {
      failed: 1,
      spentMs: 0,
      last: { code: 'internal', message: 'x' },
    });
    expect(await attempts.ahead(going(), failing(1))).toBe(2);
    let asked = 0;
    const failed = attempts.make(going(), () => Promise.reject(((asked += 1), busy())));
    await expect(failed).rejects.toThrow('too often');
    expect(asked).toBe(1);
  });

  it('A3 have no more time than total_timeout leaves after those of another worker', async () => {
    const last = { code: 'rate-limited' as const, message: 'too often' };
    const attempts = new Attempts(policy(9, { total_timeout: '1 second' }), () => 0, {
      failed: 1,
      spentMs: 2_000,
      last,
    });
    const slow = (signal: AbortSignal) => sleep(60_000, 1, { signal });
    await expect(attempts.make(going(), slow)).rejects.toThrow('total_timeout of 1 s, stopped in attempt 2');
  });

  it('over attempt_timeout are stopped and made again', async () => {
    let asked = 0;
    const work = async (signal: AbortSignal) => {
      asked += 1;
      if (asked === 1) await sleep(60_000, undefined, { signal });
      return asked;
    };
    expect(await new Attempts(policy(2, { attempt_timeout: '1 second' }), () => 0).make(going(), work)).toBe(2);
  });

  it('leave a wait that total_timeout has no time for', async () => {
    const attempts = new Attempts(policy(9, { total_timeout: '1 second' }), () => 1);
    const failed = attempts.make(going(), failing(9));
    await expect(failed).rejects.toMatchObject({ code: 'timed-out' });
    await expect(failed).rejects.toThrow('leaves no time for another attempt after attempt 1: too often');
  });

  it('end while they wait when the run is cancelled', async () => {
    const stop = new AbortController();
    const made = new Attempts(policy(9), () => 1).make(stop.signal, failing(9), { onRetry: () => stop.abort() });
    await expect(made).rejects.toThrow(/abort/i);
  });
});

import type { FaultCode } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { attemptTooLong, backoffMs, policyOf, taskTooLong, waitAfter } from './attempt-policy.ts';

const least = () => 0;
const most = () => 0.999_999;
const isTriedAgain = (policy: ReturnType<typeof policyOf>, error: unknown, failed = 1) =>
  waitAfter(policy, error, failed, least) !== null;
const fault = (code: FaultCode, facts = {}) => new Fault(code, 'said by the test', facts);

describe('the policy of attempts', () => {
  it('A1 takes what the cell says, else the schedule, else three attempts', () => {
    expect(policyOf({}).maxAttempts).toBe(3);
    expect(policyOf({}, 0).maxAttempts).toBe(1);
    expect(policyOf({}, 4).maxAttempts).toBe(5);
    expect(policyOf({ retries: { max_attempts: 2 } }, 4).maxAttempts).toBe(2);
    expect(policyOf({ retries: { backoff: '5 seconds' } }, 4).maxAttempts).toBe(5);
    expect(policyOf({ attempt_timeout: '2 minutes', total_timeout: '1h' })).toMatchObject({
      attemptTimeoutMs: 120_000,
      totalTimeoutMs: 3_600_000,
    });
  });

  it('waits anything up to a bound that doubles and is never over the cap', () => {
    const policy = policyOf({ retries: { backoff: '2 seconds', cap: '10 seconds' } });
    const bounds = [1, 2, 3, 4, 5, 40].map((failed) => backoffMs(policy, failed, most));
    expect(bounds).toEqual([2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
    expect(backoffMs(policy, 3, least)).toBe(0);
    expect(backoffMs(policy, 3, () => 0.5)).toBe(4_000);
    expect(policyOf({ retries: { backoff: '5 minutes' } }).capMs).toBe(300_000);
  });

  it('ends after so many attempts', () => {
    const policy = policyOf({ retries: { max_attempts: 3 } });
    expect([1, 2, 3].map((failed) => isTriedAgain(policy, fault('worker-died'), failed))).toEqual([true, true, false]);
  });

  it.each<FaultCode>([
    'query-failed',
    'expectation-failed',
    'source-rows-rejected',
    'merge-cardinality',
    'merge-key-null',
  ])('A2 never tries %s again, however often it may', (code) => {
    expect(isTriedAgain(policyOf({ retries: { max_attempts: 100 } }), fault(code))).toBe(false);
  });

  it('A2 waits for a source that does not answer only where somebody asked for attempts', () => {
    const away = [{ transport: true }, { status: 503 }, { status: 429 }].map((facts) =>
      fault('source-unreadable', facts),
    );
    const wrong = [{}, { status: 404 }, { transport: false }].map((facts) => fault('source-unreadable', facts));
    const asked = policyOf({ retries: { max_attempts: 2 } });
    expect([...away, ...wrong].map((error) => isTriedAgain(asked, error))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(away.map((error) => isTriedAgain(policyOf({}), error))).toEqual([false, false, false]);
    expect(away.map((error) => isTriedAgain(policyOf({}, 1), error))).toEqual([true, true, true]);
    expect(isTriedAgain(asked, new Error('a slip of ours'))).toBe(false);
  });

  it('tries again what took too long, and not what took too long altogether', () => {
    const policy = policyOf({ attempt_timeout: '1 second' });
    expect(isTriedAgain(policy, attemptTooLong(1_000))).toBe(true);
    expect(isTriedAgain(policyOf({}, 9), taskTooLong(5_000, 2, fault('timed-out')))).toBe(false);
    expect(taskTooLong(5_000, 2, fault('timed-out')).message).toContain('after attempt 2: said by the test; mend that');
  });
});

import { describe, expect, it } from 'vitest';
import { createAttempts } from './attempts.ts';

describe('attempts', () => {
  it('waits twice as long after each failure past the fifth, and forgets at success', () => {
    let now = 0;
    const attempts = createAttempts(() => now);
    const isRefused = () => {
      try {
        attempts.check('1.1.1.1', 'a@b.c')();
        return false;
      } catch {
        return true;
      }
    };
    for (let n = 0; n < 5; n++) attempts.failed('1.1.1.1', 'A@b.c');
    expect(isRefused()).toBe(true);
    now += 2_000;
    expect(isRefused()).toBe(false);
    attempts.failed('1.1.1.1', 'a@b.c');
    now += 3_999;
    expect(isRefused()).toBe(true);
    now += 1;
    expect(isRefused()).toBe(false);
    attempts.succeeded('1.1.1.1', 'a@b.c');
    attempts.failed('1.1.1.1', 'a@b.c');
    expect(isRefused()).toBe(false);
  });

  it('counts what is under way, so that asking all at once is no way round', () => {
    const attempts = createAttempts(() => 0);
    const begun = Array.from({ length: 5 }, () => attempts.check('1.1.1.1', 'a@b.c'));
    expect(() => attempts.check('1.1.1.1', 'a@b.c')).toThrow(/too many/);
    for (const over of begun) over();
    begun[0]?.();
    expect(() => attempts.check('1.1.1.1', 'a@b.c')).not.toThrow();
  });

  it('slows an address that tries many accounts', () => {
    const attempts = createAttempts(() => 0);
    for (let n = 0; n < 50; n++) attempts.failed('1.1.1.1', `user${n}@b.c`);
    expect(() => attempts.check('1.1.1.1', 'fresh@b.c')).toThrow(/too many/);
    expect(() => attempts.check('2.2.2.2', 'fresh@b.c')).not.toThrow();
  });
});

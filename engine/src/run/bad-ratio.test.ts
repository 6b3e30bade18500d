import { describe, expect, it } from 'vitest';
import { isTooBad } from './bad-ratio.ts';

describe('max_bad_ratio', () => {
  it('lets one bad row among few pass, and no more than its share of many', () => {
    expect(isTooBad({ good: 0, bad: 1 }, 0.05)).toBe(false);
    expect(isTooBad({ good: 0, bad: 2 }, 0.05)).toBe(true);
    expect(isTooBad({ good: 950, bad: 50 }, 0.05)).toBe(false);
    expect(isTooBad({ good: 949, bad: 51 }, 0.05)).toBe(true);
  });

  it('of 0 lets none pass, and of 1 all', () => {
    expect(isTooBad({ good: 1_000_000, bad: 1 }, 0)).toBe(true);
    expect(isTooBad({ good: 0, bad: 9 }, 1)).toBe(false);
    expect(isTooBad({ good: 5, bad: 0 }, 0)).toBe(false);
  });
});

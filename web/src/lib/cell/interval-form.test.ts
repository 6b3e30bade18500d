import { describe, expect, it } from 'vitest';
import { isBeginning, isLookback, lookbackOf } from './interval-form.ts';

describe('the fields of intervals', () => {
  it('take dates and times as a beginning, and nothing else', () => {
    const good = ['2024-01-31', '2024-01-31T06:00', '2024-01-31 06:00', '2024-01-31T06:00:00Z'];
    expect(good.filter((text) => !isBeginning(text))).toEqual([]);
    expect(['31/01/2024', '2024', '2024-13-01', 'yesterday'].filter(isBeginning)).toEqual([]);
  });

  it('keep a count as a number and a length as it is said', () => {
    expect(['2', ' 36 hours ', ''].map(lookbackOf)).toEqual([2, '36 hours', undefined]);
    expect(['2', '36 hours'].every(isLookback)).toBe(true);
    expect(['-1', '1.5', 'two', '2 days ago'].some(isLookback)).toBe(false);
  });
});

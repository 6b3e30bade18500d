import type { Expectation } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { outcomeOf, outcomesOf, ruleOf, withMeasured, withMostly, withOutcome, withRule } from './expectation-form.ts';

describe('a line of a test', () => {
  it('keeps what happens to bad rows and the share that must pass when its rule changes', () => {
    const before: Expectation = { not_null: ['a', 'b'], mostly: 0.9, on_violation: 'quarantine' };
    expect(withRule('unique', 'a', before)).toEqual({ unique: 'a', mostly: 0.9, on_violation: 'quarantine' });
    expect(withRule('sql', 'select 1', before)).toEqual({ sql: 'select 1' });
    expect(withRule('sql', 'select 1', { not_null: 'a', on_violation: 'warn' })).toEqual({
      sql: 'select 1',
      severity: 'warn',
    });
  });

  it('takes a share in percent, and every row for what is none', () => {
    expect(withMostly({ not_null: 'a' }, '99,5')).toEqual({ not_null: 'a', mostly: 0.995 });
    for (const typed of ['', '100', '0', 'most'])
      expect(withMostly({ not_null: 'a', mostly: 0.5 }, typed)).toEqual({ not_null: 'a' });
  });

  it('edits a distribution of one statistic and shows others as they are written', () => {
    const rule: Expectation = { distribution: { column: 'n', mean: { min: 1 } }, severity: 'warn' };
    expect(ruleOf(rule).measured).toEqual({ column: 'n', statistic: 'mean', band: { min: 1 } });
    expect(withMeasured({ column: 'n', statistic: 'nulls', band: { max: 0.1 } }, rule)).toEqual({
      distribution: { column: 'n', nulls: { max: 0.1 } },
      severity: 'warn',
    });
    expect(ruleOf({ distribution: { column: 'n', mean: { min: 1 }, max: { max: 9 } } }).measured).toBeNull();
  });

  it('offers to take rows out only where a rule is about rows', () => {
    expect(outcomesOf('distribution')).toEqual(['fail', 'warn']);
    expect(outcomesOf('unique')).toContain('quarantine');
    expect(outcomeOf(withOutcome({ row_count: { min: 1 } }, 'warn'))).toBe('warn');
  });
});

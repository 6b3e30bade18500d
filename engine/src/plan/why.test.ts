import { describe, expect, it } from 'vitest';
import type { StageReason } from './plan.ts';
import { whyOf } from './why.ts';

const meaning = (config: string, sql: string) => JSON.stringify(['sql', 'silver.a', 'table', config, sql]);
const why = (reason: StageReason, before: string | null, now = meaning('{}', 'select 1')) =>
  whyOf({ action: 'run', reason }, { before, now });
const same = meaning('{}', 'select 1');

describe('why a cell runs', () => {
  it.each([
    ['never ran', null, 'first'],
    ['changed', meaning('{}', 'select 2'), 'text'],
    ['changed', meaning('{"unique_key":"id"}', 'select 1'), 'config'],
    ['changed', same, 'source'],
    ['upstream changed', same, 'upstream'],
    ['upstream changed', meaning('{}', 'select 2'), 'text'],
    ['source not identified', same, 'source'],
    ['full refresh', same, 'asked'],
    ['needed by b', null, 'asked'],
    ['changed', 'not json', 'text'],
  ] as const)('%s, with %s before, is %s', (reason, before, expected) => {
    expect(why(reason, before)).toBe(expected);
  });

  it('is nothing for what is left alone', () => {
    expect(whyOf({ action: 'skip', reason: 'fresh' }, { before: null, now: same })).toBe(null);
  });
});

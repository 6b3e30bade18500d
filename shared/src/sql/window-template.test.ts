import { describe, expect, it } from 'vitest';
import { intervalOf, windowSql } from './window-template.ts';

const template = {
  kind: 'session',
  from: 'visits',
  time: 't',
  key: 'visitor',
  lengthSeconds: 1_800,
  hopSeconds: 600,
  other: 'orders',
  otherTime: 'at',
} as const;

describe('a window as SQL', () => {
  it('says a length in its greatest whole unit', () => {
    expect([1, 90, 60, 1_800, 3_600, 5_400, 86_400, 604_800].map(intervalOf)).toEqual([
      "interval '1 second'",
      "interval '90 seconds'",
      "interval '1 minute'",
      "interval '30 minutes'",
      "interval '1 hour'",
      "interval '90 minutes'",
      "interval '1 day'",
      "interval '7 days'",
    ]);
  });

  it('tells sessions by the pause before a row, of each key or of all', () => {
    expect(windowSql(template)).toContain("t - lag(t) over (partition by visitor order by t) > interval '30 minutes'");
    expect(windowSql(template)).toMatch(/group by visitor, session$/);
    expect(windowSql({ ...template, key: null })).toContain('t - lag(t) over (order by t)');
    expect(windowSql({ ...template, key: null })).toMatch(/group by session$/);
  });

  it('quotes what has to be', () => {
    const odd = windowSql({ ...template, time: 'event time', key: 'User' });
    expect(odd).toContain('"event time" - lag("event time") over (partition by "User" order by "event time")');
  });

  it('of windows that hop by their whole length begins one where each row lies', () => {
    expect(windowSql({ ...template, kind: 'hopping', hopSeconds: 1_800 })).not.toContain(' - interval');
    expect(windowSql({ ...template, kind: 'hopping' })).toContain("- interval '20 minutes'");
  });
});

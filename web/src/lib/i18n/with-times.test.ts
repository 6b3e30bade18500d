import { describe, expect, it } from 'vitest';
import { formatMoment } from './format.ts';
import { withTimes } from './with-times.ts';

describe('a text of the server', () => {
  it('has its instants as people write them, and the rest as it was', () => {
    const at = '2026-11-30T14:41:08.566Z';
    expect(withTimes(`nothing was written since ${at}: partition 0`)).toBe(
      `nothing was written since ${formatMoment(at)}: partition 0`,
    );
    expect(withTimes('of 2026-11-30')).toBe('of 2026-11-30');
  });
});

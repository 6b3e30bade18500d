import { Fault } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { isAway, passes, waitMs } from './wait.ts';

describe('waiting', () => {
  it('is for what passes: a source that is away, not one whose messages are gone', () => {
    const away = new Fault('source-unreadable', 'no broker answers', { away: true });
    const gone = new Fault('source-unreadable', 'offsets are gone', { away: true, gone: true });
    const busy = new Fault('publish-conflict', 'somebody else published');
    expect([away, gone, busy].map(passes)).toEqual([true, false, true]);
    expect([away, gone, busy, new Error('away')].map(isAway)).toEqual([true, false, false, false]);
  });

  it('gets longer, but a source that is away is asked each two seconds', () => {
    const failures = [1, 2, 3, 4, 5, 50];
    expect(failures.map((each) => waitMs(each))).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(failures.map((each) => waitMs(each, true))).toEqual([1_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
  });
});

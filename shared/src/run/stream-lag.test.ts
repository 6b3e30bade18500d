import { describe, expect, it } from 'vitest';
import { lagOf } from './stream-lag.ts';

const at = (time: string) => `2026-01-01T${time}.000Z`;
const now = Date.parse(at('10:35:00'));
const live = {
  state: 'live',
  running: true,
  commitMs: 250,
  progress: { lag: 12, lagAt: at('10:34:58') },
  lastCommitAt: at('10:34:00'),
} as const;

describe('the lag of a stream', () => {
  it('is a number of now while its source answers', () => {
    expect(lagOf(live, now)).toEqual({ messages: 12, isLive: true, since: null });
  });

  it('is one of then since the source is away, however lately it tried', () => {
    const progress = { ...live.progress, waiting: 'the broker is away', waitingSince: at('10:32:00') };
    expect(lagOf({ ...live, progress }, now)).toEqual({ messages: 12, isLive: false, since: at('10:32:00') });
  });

  it('is one of then when nobody reads it: paused, stopped, or its runner gone', () => {
    const then = { messages: 12, isLive: false, since: at('10:34:58') };
    expect(lagOf({ ...live, state: 'paused' }, now)).toEqual(then);
    expect(lagOf({ ...live, state: 'failed' }, now)).toEqual(then);
    expect(lagOf({ ...live, running: false }, now)).toEqual(then);
  });

  it('is one of then when a runner that lives has heard nothing for long, measured by how often it commits', () => {
    const progress = { lag: 12, lagAt: at('10:34:40') };
    expect(lagOf({ ...live, progress }, now)).toMatchObject({ isLive: false, since: at('10:34:40') });
    expect(lagOf({ ...live, progress, commitMs: 60_000 }, now)).toMatchObject({ isLive: true });
  });

  it('is not known of a stream whose source says none', () => {
    expect(lagOf({ ...live, progress: {}, lastCommitAt: null }, now)).toEqual({
      messages: null,
      isLive: true,
      since: null,
    });
  });
});

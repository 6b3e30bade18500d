import { describe, expect, it } from 'vitest';
import { english } from '@datacraft/shared';
import { problemOf as saidOf } from './stream.ts';

const problemOf = (...asked: Parameters<typeof saidOf>) => {
  const said = saidOf(...asked);
  return said && english(said);
};
const now = new Date('2026-01-01T12:00:00Z');
const live = {
  state: 'live',
  running: true,
  commitMs: 1_000,
  error: null,
  progress: { lag: 0, lagAt: '2026-01-01T11:59:59.000Z' },
  lastCommitAt: '2026-01-01T11:00:00.000Z',
  startedAt: '2026-01-01T10:00:00.000Z',
} as const;

describe('an alert on streams', () => {
  it('tells one that stopped, with why, and none that was paused', () => {
    const error = { code: 'source-unreadable' as const, message: 'the topic was made anew' };
    expect(problemOf({ ...live, state: 'failed', error }, {}, now)).toBe('it stopped: the topic was made anew');
    expect(problemOf({ ...live, state: 'paused', progress: { lag: 9e9 } }, { max_lag: 1 }, now)).toBeNull();
  });

  it('tells one that is further behind than it may be', () => {
    expect(problemOf({ ...live, progress: { ...live.progress, lag: 501 } }, { max_lag: 500 }, now)).toBe(
      '501 messages wait, more than 500',
    );
    expect(problemOf({ ...live, progress: { ...live.progress, lag: 500 } }, { max_lag: 500 }, now)).toBeNull();
  });

  it('tells one that nobody reads, although nothing is known to wait', () => {
    const progress = { lag: 0, lagAt: '2026-01-01T11:50:00.000Z' };
    const dead = { ...live, running: false, progress };
    expect(problemOf(dead, { stalled: '5 minutes' }, now)).toContain('nobody reads it since 2026-01-01T11:50:00.000Z');
    expect(problemOf(dead, { stalled: '15 minutes' }, now)).toBeNull();
    const never = { ...live, running: false, progress: {}, lastCommitAt: null };
    expect(problemOf(never, { stalled: '5 minutes' }, now)).toContain('nobody reads it since 2026-01-01T10:00:00');
  });

  it('tells one that writes nothing although something waits, and leaves one alone to which nothing comes', () => {
    expect(problemOf(live, { stalled: '5 minutes' }, now)).toBeNull();
    expect(problemOf({ ...live, progress: { ...live.progress, lag: 1 } }, { stalled: '5 minutes' }, now)).toContain(
      'longer than 5 minutes: 1 messages wait',
    );
    expect(problemOf({ ...live, progress: { ...live.progress, lag: 1 } }, { stalled: '2 hours' }, now)).toBeNull();
    expect(
      problemOf(
        { ...live, progress: { ...live.progress, waiting: 'the broker is away' } },
        { stalled: '5 minutes' },
        now,
      ),
    ).toContain('the broker is away');
  });
});

import { describe, expect, it } from 'vitest';
import { flowOf, worstFlow } from './flow.ts';

const now = Date.parse('2026-11-30T12:00:00Z');
const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();
const stream = {
  state: 'live',
  stateSince: ago(3_600),
  startedAt: ago(3_600),
  running: true,
  commitMs: 1_000,
  lastCommitAt: ago(600),
  progress: { lagAt: ago(1), lag: 0 },
} as const;

describe('what a stream does', () => {
  it('is live while it is read, however long nothing came', () => {
    expect(flowOf(stream, now)).toEqual({ state: 'live', since: null });
  });

  it('tells a source that is away from a commit that is tried again', () => {
    const waiting = { ...stream.progress, waiting: 'secret-broker:9092 answers not', waitingSince: ago(60) };
    expect(flowOf({ ...stream, progress: { ...waiting, isAway: true } }, now)).toEqual({
      state: 'away',
      since: ago(60),
    });
    expect(flowOf({ ...stream, progress: waiting }, now)).toEqual({ state: 'delayed', since: ago(60) });
  });

  it('is delayed when its runner is gone or stands still, but not while one begins', () => {
    const unread = { ...stream, running: false, progress: { lagAt: ago(90) } };
    expect(flowOf(unread, now)).toEqual({ state: 'delayed', since: ago(90) });
    expect(flowOf({ ...stream, progress: { lagAt: ago(30) } }, now)).toEqual({ state: 'delayed', since: ago(30) });
    expect(flowOf({ ...unread, stateSince: ago(2) }, now)).toEqual({ state: 'live', since: null });
    expect(flowOf({ ...unread, startedAt: ago(2) }, now)).toEqual({ state: 'live', since: null });
  });

  it('is paused or stopped since somebody or something did that, whatever it waited for', () => {
    const progress = { waiting: 'it was away', waitingSince: ago(900), isAway: true };
    expect(flowOf({ ...stream, state: 'paused', stateSince: ago(30), progress }, now)).toEqual({
      state: 'paused',
      since: ago(30),
    });
    expect(flowOf({ ...stream, state: 'failed', stateSince: ago(30), progress }, now)).toEqual({
      state: 'stopped',
      since: ago(30),
    });
  });
});

describe('the worst of several', () => {
  it('is the gravest, since it first was', () => {
    const flows = [
      { state: 'live', since: null },
      { state: 'away', since: ago(10) },
      { state: 'paused', since: ago(900) },
      { state: 'away', since: ago(50) },
    ] as const;
    expect(worstFlow(flows)).toEqual({ state: 'away', since: ago(50) });
    expect(worstFlow([])).toBeNull();
  });

  it('says that somebody was told only when of each that stopped somebody was', () => {
    const told = { state: 'stopped', since: ago(50), told: true } as const;
    expect(worstFlow([told, { state: 'live', since: null }])).toEqual(told);
    expect(worstFlow([told, { ...told, since: ago(10), told: false }])).toEqual({ ...told, told: false });
  });
});

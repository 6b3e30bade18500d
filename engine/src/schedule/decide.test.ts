import { describe, expect, it } from 'vitest';
import { clockNotes } from './clock-changes.ts';
import { decide } from './decide.ts';
import { slotAt } from './due.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;
const idle = { nowMs: NOW, running: false, waiting: false };
const busy = { nowMs: NOW, running: true, waiting: false };
const kinds = (decisions: ReturnType<typeof decide>) => decisions.map((each) => each.kind).join(' ');

describe('what is made up after the scheduler was away', () => {
  const due = [NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - HOUR];
  it('none of them, the latest, or all, as asked', () => {
    expect(kinds(decide({ missed: 'none' }, due, idle))).toBe('missed missed missed');
    expect(kinds(decide({}, due, idle))).toBe('missed missed run');
    expect(kinds(decide({ missed: 'all' }, due, idle))).toBe('run run run');
  });
  it('`latest` is the due time of now when there is one', () => {
    expect(kinds(decide({}, [...due, NOW], idle))).toBe('missed missed missed run');
    expect(kinds(decide({ missed: 'none' }, [...due, NOW], idle))).toBe('missed missed missed run');
  });
  it('P3 nothing longer ago than `max_catchup`, and what is live in any case', () => {
    const spec = { missed: 'all', max_catchup: '2 hours' } as const;
    expect(kinds(decide(spec, due, idle))).toBe('missed run run');
    expect(kinds(decide({ max_catchup: '30 minutes' }, due, idle))).toBe('missed missed missed');
    expect(kinds(decide({ max_catchup: '1 s' }, [...due, NOW - 2000], idle))).toBe('missed missed missed run');
  });
  it('what is made up is not skipped because the one before it runs', () => {
    expect(kinds(decide({ missed: 'all', overlap: 'skip' }, due, busy))).toBe('run run run');
  });
});

describe('a due time while the run before it goes on', () => {
  it('is skipped, queued, or takes its place', () => {
    expect(kinds(decide({}, [NOW], busy))).toBe('skipped');
    expect(decide({ overlap: 'queue' }, [NOW], busy)).toEqual([{ kind: 'run', atMs: NOW, cancelsRunning: false }]);
    expect(decide({ overlap: 'replace' }, [NOW], busy)).toEqual([{ kind: 'run', atMs: NOW, cancelsRunning: true }]);
  });
  it('coalesces into one that waits, however many come', () => {
    expect(kinds(decide({ overlap: 'coalesce' }, [NOW - 2000, NOW - 1000, NOW], busy))).toBe('run coalesced coalesced');
    expect(kinds(decide({ overlap: 'coalesce' }, [NOW], { ...busy, waiting: true }))).toBe('coalesced');
  });
});

describe('clocks and intervals', () => {
  it('names the times that the clocks of the next year skip and double', () => {
    const from = Date.UTC(2026, 0, 1);
    const notes = (cron: string) =>
      clockNotes({ cron, timezone: 'America/New_York' }, from, Date.UTC(2027, 0, 1)).map(
        ({ kind, local, dueAt }) => `${kind} ${local} ${dueAt.join(' ')}`,
      );
    expect(notes('30 2 * * *')).toEqual(['skipped 2026-03-08T02:30:00 2026-03-08T07:30:00.000Z']);
    expect(notes('30 1 * * *')).toEqual(['doubled 2026-11-01T01:30:00 2026-11-01T05:30:00.000Z']);
    expect(notes('0 * * * *').at(-1)).toBe(
      'doubled 2026-11-01T01:00:00 2026-11-01T05:00:00.000Z 2026-11-01T06:00:00.000Z',
    );
    expect(clockNotes({ cron: '0 6 * * *', timezone: 'America/Sao_Paulo' }, from, Date.UTC(2027, 0, 1))).toEqual([]);
  });
  it('the interval of a slot ends with it and begins with the one before', () => {
    const at = Date.UTC(2026, 2, 8, 7, 30);
    expect(slotAt({ cron: '30 2 * * *', timezone: 'America/New_York' }, at)).toEqual({
      atMs: at,
      startMs: Date.UTC(2026, 2, 7, 7, 30),
    });
    expect(slotAt({ every: '1 hour' }, at).startMs).toBe(at - HOUR);
  });
});

import type { TaskReport } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { ticksOf, timelineOf } from './timeline.ts';

const zero = Date.parse('2026-01-01T00:00:00.000Z');
function task(cell: string, state: TaskReport['state'], startMs: number | null, durationMs: number | null): TaskReport {
  const base = { cell, relation: null, state, rowsWritten: null, snapshotId: null, durationMs };
  return startMs === null ? base : { ...base, startedAt: new Date(zero + startMs).toISOString() };
}

describe('the line of time of a run', () => {
  it('puts a task where it began', () => {
    const second = task('b', 'succeeded', 1000, 1000);
    const line = timelineOf([task('a', 'succeeded', 0, 500), second], new Date(zero).toISOString(), zero);
    expect(line.totalMs).toBe(2000);
    expect(line.barOf(second)).toEqual({ from: 0.5, length: 0.5 });
  });
  it('grows a running task with the clock and shows none that waits or was skipped', () => {
    const running = task('a', 'running', 0, null);
    const line = timelineOf([running, task('b', 'queued', null, null)], new Date(zero).toISOString(), zero + 4000);
    expect(line.barOf(running)).toEqual({ from: 0, length: 1 });
    expect(line.barOf(task('c', 'skipped', 0, 0))).toBeNull();
  });
  it('compares lengths when no task tells its start', () => {
    const half = task('b', 'succeeded', null, 50);
    expect(timelineOf([task('a', 'succeeded', null, 100), half], null, zero).barOf(half)).toEqual({
      from: 0,
      length: 0.5,
    });
  });
  it('has at most six round ticks', () => {
    for (const total of [1, 37, 990, 1030, 2100, 65_000, 3_600_000]) {
      const ticks = ticksOf(total);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.at(-1)).toBeLessThanOrEqual(total);
      expect(ticks.filter((at) => !Number.isInteger(at))).toEqual([]);
    }
    expect(ticksOf(1)).toEqual([0]);
    expect(ticksOf(3)).toEqual([0, 1, 2, 3]);
    expect(ticksOf(1000)).toEqual([0, 200, 400, 600, 800, 1000]);
  });
});

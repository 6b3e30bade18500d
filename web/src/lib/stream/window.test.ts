import type { SnapshotSummary } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { windowsAt } from './window.ts';

const commit = (snapshotId: string, time: string, addedRows: number, deletedRows = 0) =>
  ({ snapshotId, committedAt: `2026-01-01T${time}Z`, rows: 100, addedRows, deletedRows }) as SnapshotSummary;
const commits = [
  commit('1', '12:00:00', 1),
  commit('2', '12:03:00', 2),
  commit('3', '12:05:30', 3),
  commit('4', '12:05:45', 4),
];
const told = (index: number) =>
  windowsAt(commits, index).map(({ kind, minutes, since, rows }) => [kind, minutes, since, rows]);

describe('what can be taken of a commit', () => {
  it('is all of it, what came with it, and what came within some minutes, each once', () => {
    expect(told(3)).toEqual([
      ['all', 0, null, 100],
      ['commit', 0, '3', 4],
      ['minutes', 1, '2', 7],
      ['minutes', 5, '1', 9],
    ]);
  });

  it('is all of it, of the first commit that is known', () => {
    expect(told(0)).toEqual([['all', 0, null, 100]]);
  });

  it('counts no rows where some were replaced', () => {
    const replaced = [commits[0], commit('5', '12:06:00', 5, 5)].filter((each) => each !== undefined);
    expect(windowsAt(replaced, 1).map(({ rows }) => rows)).toEqual([100, null]);
  });
});

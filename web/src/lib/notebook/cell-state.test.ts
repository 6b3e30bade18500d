import type { CellId, CellStatus, Diagnostic, TaskReport } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { blockedBy, stateOfCell, type Known } from './cell-state.ts';
import { staleNames } from './stale-names.ts';

const status = (freshness: CellStatus['freshness']): CellStatus => ({
  id: 'cell_1' as CellId,
  name: 'orders',
  kind: 'sql',
  relation: 'silver.orders',
  dependsOn: [],
  reads: [],
  fingerprint: 'f',
  freshness,
  published: null,
  staleBecause: freshness === 'stale' ? ['raw'] : [],
});
const task = (state: TaskReport['state'], more: Partial<TaskReport> = {}): TaskReport => ({
  cell: 'orders',
  relation: null,
  state,
  rowsWritten: null,
  snapshotId: null,
  durationMs: null,
  ...more,
});
const finding: Diagnostic = {
  severity: 'error',
  code: 'syntax',
  message: 'there is no column',
  cell: 'orders',
  cellId: 'cell_1' as CellId,
  part: 'source',
  line: 3,
  column: 8,
};
const known = (more: Partial<Known>): Known => ({
  status: status('fresh'),
  error: null,
  task: null,
  active: false,
  progress: null,
  brokenUpstream: null,
  ...more,
});

describe('the mark of a cell', () => {
  it('is its freshness when nothing else is known', () => {
    expect(stateOfCell(known({})).mark).toBe('fresh');
    expect(stateOfCell(known({ status: status('stale') }))).toMatchObject({ mark: 'stale', because: ['raw'] });
    expect(stateOfCell(known({ status: null })).mark).toBe('idle');
  });
  it('is the task of a run that has not ended, whatever the text says', () => {
    expect(stateOfCell(known({ error: finding, task: task('running'), active: true })).mark).toBe('running');
  });
  it('is running while its source is read for a run whose tasks are not decided yet', () => {
    const progress = { rows: 5, total: null, percent: null };
    expect(stateOfCell(known({ progress, active: true })).mark).toBe('running');
    expect(stateOfCell(known({ progress, active: false })).mark).toBe('fresh');
  });
  it('is the finding of the text before the failure of the last run', () => {
    const state = stateOfCell(
      known({ error: finding, task: task('failed', { error: { code: 'query-failed', message: 'old' } }) }),
    );
    expect(state).toMatchObject({ mark: 'failed', error: { message: 'there is no column', line: 3, column: 8 } });
  });
  it('says whom it waits for', () => {
    const blocked = task('failed', { reason: 'blocked by raw' });
    expect(blockedBy(blocked)).toBe('raw');
    expect(stateOfCell(known({ task: blocked }))).toMatchObject({ mark: 'blocked', waitsFor: 'raw', error: null });
    expect(stateOfCell(known({ brokenUpstream: 'raw' }))).toMatchObject({ mark: 'blocked', waitsFor: 'raw' });
  });
});

describe('what an edit made stale', () => {
  it('are the cells that publish and are marked stale, in page order', () => {
    const cells = [
      { name: 'raw', kind: 'source' },
      { name: 'note', kind: 'markdown' },
      { name: 'sales', kind: 'sql' },
      { name: 'plot', kind: 'chart' },
      { name: 'old', kind: 'sql' },
    ] as const;
    const marks = { raw: 'fresh', note: 'stale', sales: 'stale', plot: 'stale', old: 'failed' } as const;
    expect(staleNames(cells, (cell) => marks[cell.name])).toEqual(['sales']);
  });
});

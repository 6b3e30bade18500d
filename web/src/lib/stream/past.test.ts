import type { SnapshotSummary } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { lastHour } from './past.ts';

const at = (snapshotId: string, time: string): SnapshotSummary => ({
  snapshotId,
  committedAt: `2026-01-01T${time}Z`,
  operation: 'append',
  rows: 1,
  addedRows: 1,
  deletedRows: 0,
  runId: null,
  trigger: null,
  by: null,
  isCurrent: false,
  tags: [],
  revertedTo: null,
});
const all = [at('3', '12:00:00'), at('2', '11:00:00'), at('1', '10:59:59')];

it('the last hour is the commits up to an hour before the newest, oldest first, and the one that is looked at', () => {
  expect(lastHour(all, null).map(({ snapshotId }) => snapshotId)).toEqual(['2', '3']);
  expect(lastHour(all, '1').map(({ snapshotId }) => snapshotId)).toEqual(['1', '2', '3']);
  expect(lastHour([], '1')).toEqual([]);
});

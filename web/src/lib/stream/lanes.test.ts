import type { PartitionTimes, StreamDetail } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { lanesOf, timedCells } from './lanes.ts';

const times = (lane: string, stream = 'orders'): PartitionTimes => ({
  stream,
  lane,
  latest: null,
  seenAt: '2026-01-01T00:00:00.000Z',
  isIdle: false,
  holdsBack: false,
  late: 0,
});
const taken = (lane: string) => ({ lane, rows: 1, rejected: 0, rate: 0, lastCommitAt: '2026-01-01T00:00:00.000Z' });
const figures = (partitions: PartitionTimes[]) => ({ watermark: null, bound: null, stateRows: 0, late: 0, partitions });
const stream = (progress: StreamDetail['progress'], lanes: StreamDetail['lanes']) =>
  ({ cell: 'orders', progress, lanes }) as StreamDetail;

it('puts together what was taken of a partition, where it is read and the times of its rows', () => {
  const partitions = [2, 10].map((partition) => ({ topic: 'o', partition, next: '5', end: '7' }));
  const cells = { by_minute: figures([times('o:10'), times('o:2'), times('o:2', 'other')]), plain: figures([]) };
  const seen = stream({ partitions, cells }, [taken('o:2')]);
  expect(timedCells(seen)).toEqual(['by_minute']);
  const { lanes, areTaken } = lanesOf(seen, 'by_minute');
  expect(areTaken).toBe(true);
  expect(lanes.map(({ lane }) => lane)).toEqual(['o:2', 'o:10']);
  expect(lanes.map((each) => [each.taken?.rows, each.place?.next, each.times?.lane])).toEqual([
    [1, '5', 'o:2'],
    [undefined, '5', 'o:10'],
  ]);
});

it('does not mix partitions that only rows speak of with the one that they were pushed into', () => {
  const cells = { by_minute: figures([times('0'), times('1')]) };
  const { lanes, areTaken } = lanesOf(stream({ cells }, [taken('0')]), 'by_minute');
  expect(areTaken).toBe(false);
  expect(lanes.map((each) => [each.lane, each.taken])).toEqual([
    ['0', null],
    ['1', null],
  ]);
});

import type { DriftOf } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { ranges } from './drift-chart.ts';

const column = (cuts: number[], training: number[], now: number[]): DriftOf => ({
  name: 'x',
  kind: 'number',
  cuts,
  labels: [],
  training,
  now,
  psi: 0,
  verdict: 'stable',
  ks: 0,
  chi2: null,
  p: 1,
  missing: { training: 0, now: 0 },
});

it('ranges lose no row and are about ten, each named by where it begins', () => {
  const cuts = Array.from({ length: 49 }, (_, at) => at + 1);
  const bars = ranges(column(cuts, new Array<number>(50).fill(2), new Array<number>(50).fill(3)));
  expect(bars).toHaveLength(10);
  expect(bars[0]).toEqual({ label: '< 5', training: 10, now: 15 });
  expect(bars[1]?.label).toBe('≥ 5');
  expect(bars.at(-1)).toEqual({ label: '≥ 45', training: 10, now: 15 });
});

it('a column of one value is one range', () => {
  expect(ranges(column([7], [0, 20], [1, 4]))).toEqual([
    { label: '< 7', training: 0, now: 1 },
    { label: '≥ 7', training: 20, now: 4 },
  ]);
});

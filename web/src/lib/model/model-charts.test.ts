import type { ModelReport } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { en } from '#lib/i18n/rooms/model.ts';
import { picturesOf } from './model-charts.ts';

const report = {
  task: 'classification',
  algorithm: 'logistic_regression',
  target: 'y',
  rows: { train: 10, test: 10, withoutTarget: 0 },
  metrics: {},
  notes: [],
} as const satisfies ModelReport;

it('draws how many were right at each threshold, of the counts of both classes', () => {
  const confusion = [
    [5, 1],
    [1, 3],
  ];
  const roc = [
    { threshold: 1, falsePositives: 0, truePositives: 0 },
    { threshold: 0.8, falsePositives: 0, truePositives: 0.5 },
    { threshold: 0.5, falsePositives: 1 / 6, truePositives: 0.75 },
    { threshold: 0.1, falsePositives: 1, truePositives: 1 },
  ];
  const picture = picturesOf({ ...report, confusion, roc }, en).find(({ key }) => key === 'pr');
  expect(picture?.data.rows).toEqual([
    { x: 0.5, y0: 1 },
    { x: 0.75, y0: 0.75 },
    { x: 1, y0: 0.4 },
  ]);
  expect(picturesOf(report, en)).toEqual([]);
});

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

it('draws how well chances hold, and what splits gained beside what is lost without a feature', () => {
  const importance = [
    { feature: 'age', gain: 0.2, permutation: 0.3 },
    { feature: 'income', gain: 0.8, permutation: 0.1 },
    { feature: 'noise', gain: 0, permutation: -0.01 },
  ];
  const calibration = [
    { predicted: 0.1, actual: 0.05, rows: 20 },
    { predicted: 0.9, actual: 0.8, rows: 10 },
  ];
  const pictures = new Map(
    picturesOf({ ...report, importance, calibration }, en).map((each) => [each.key, each.data.rows]),
  );
  expect(pictures.get('calibration')).toEqual([
    { x: 0.1, y0: 0.05, y1: 0.1 },
    { x: 0.9, y0: 0.8, y1: 0.9 },
  ]);
  expect(pictures.get('gain')).toEqual([
    { x: 'income', y0: 0.8, total: 2 },
    { x: 'age', y0: 0.2, total: 2 },
  ]);
  expect(pictures.get('importance')?.map((row) => row['x'])).toEqual(['age', 'income', 'noise']);
});

it('draws the twelve that count most, each with its line, and of how many they are', () => {
  const importance = Array.from({ length: 30 }, (_, at) => ({ feature: `f${at}`, gain: null, permutation: 30 - at }));
  const [picture] = picturesOf({ ...report, importance }, en);
  expect(picture?.data.rows.map((row) => row['x'])).toEqual(importance.slice(0, 12).map(({ feature }) => feature));
  expect(picture?.data.rows[0]?.['total']).toBe(30);
  expect((picture?.height ?? 0) / 12).toBeGreaterThan(16);
});

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

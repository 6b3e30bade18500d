import { expect, it } from 'vitest';
import { foldFigures } from './fold-figures.ts';

it('gives mean and spread of what every fold measured, beside the hold-out', () => {
  const fold = (auc: number | null, f1: number) => ({ train: 8, test: 2, metrics: { auc, f1 } });
  const report = {
    task: 'classification',
    algorithm: 'random_forest',
    target: 'y',
    rows: { train: 10, test: 2, withoutTarget: 0 },
    metrics: { auc: 0.8, f1: 0.5 },
    notes: [],
  } as const;
  expect(foldFigures({ ...report, folds: [fold(null, 0.4), fold(0.9, 0.6)] })).toEqual([
    { name: 'f1', mean: 0.5, deviation: expect.closeTo(Math.SQRT2 / 10, 12), own: 0.5 },
  ]);
  expect(foldFigures(report)).toEqual([]);
});

import type { ModelReport, PartialDependence } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { en } from '#lib/i18n/rooms/model.ts';
import { meanLabels, partialPictures } from './partial-charts.ts';

const report = { task: 'classification', classes: ['no', 'yes'] } as unknown as ModelReport;
const age: PartialDependence = {
  feature: 'age',
  kind: 'number',
  rows: 100,
  points: [
    { at: 20, share: 0.25, means: [0.1] },
    { at: 40, share: 0.75, means: [0.4] },
  ],
};

it('draws what is said over the values, and under it how the rows lie', () => {
  const { said, lay } = partialPictures(age, report, en);
  expect(said.spec).toMatchObject({ type: 'line', title: 'age' });
  expect(said.data.rows).toEqual([
    { x: 20, y0: 0.1 },
    { x: 40, y0: 0.4 },
  ]);
  expect(lay.data.rows).toEqual([
    { x: 20, y0: 0.25 },
    { x: 40, y0: 0.75 },
  ]);
});

it('draws labels as bars and times as times', () => {
  const points = [{ at: 'car', share: 1, means: [0.2] }];
  expect(partialPictures({ ...age, kind: 'category', points }, report, en).said.spec.type).toBe('bar');
  const { said } = partialPictures({ ...age, kind: 'time' }, report, en);
  expect(said.data.columns[0]).toEqual({ name: 'x', type: 'TIMESTAMP' });
  expect(said.data.rows[0]?.['x']).toBe(20_000);
});

it('names the second of two classes, each of more, and numbers what they are', () => {
  expect(meanLabels(report, en)).toEqual([en.shareOf('yes')]);
  expect(meanLabels({ task: 'classification', classes: ['a', 'b', 'c'] }, en)).toHaveLength(3);
  expect(meanLabels({ task: 'regression' }, en)).toEqual([en.predicted]);
});

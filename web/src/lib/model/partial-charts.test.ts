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
  expect(said.data.rows).toMatchObject([
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

it('draws the most frequent of many labels, each with its line; the rows of all others are one bar', () => {
  const points = Array.from({ length: 16 }, (_, at) => ({ at: `level ${at}`, share: 1 / 20, means: [at / 100] }));
  const { said, lay } = partialPictures({ ...age, kind: 'category', points }, report, en);
  expect(said.data.rows).toHaveLength(8);
  expect(said.data.rows[0]).toEqual({ x: 'level 0', y0: 0, total: 16 });
  expect(lay.data.rows).toHaveLength(9);
  expect(lay.data.rows[8]).toEqual({ x: en.otherValues, y0: expect.closeTo(0.6, 9) });
  for (const { height = 0, data } of [said, lay]) expect(height / data.rows.length).toBeGreaterThan(16);
  const few = partialPictures({ ...age, kind: 'category', points: points.slice(0, 8) }, report, en);
  expect(few.lay.data.rows).toHaveLength(8);
});

it('names each of many classes by its name alone, so that all of them fit', () => {
  const many = { task: 'classification', classes: ['north', 'south', 'east'] } as unknown as ModelReport;
  const { spec } = partialPictures(age, many, en).said;
  expect(spec.unit).toBe(en.probability);
  expect(spec.y).toMatchObject([{ label: 'north' }, { label: 'south' }, { label: 'east' }]);
});

it('names the second of two classes, each of more, and numbers what they are', () => {
  expect(meanLabels(report, en)).toEqual([en.shareOf('yes')]);
  expect(meanLabels({ task: 'classification', classes: ['a', 'b', 'c'] }, en)).toHaveLength(3);
  expect(meanLabels({ task: 'regression' }, en)).toEqual([en.predicted]);
});

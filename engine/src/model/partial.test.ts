import type { Distribution } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { distributionOf } from './distribution.ts';
import { partialDependence } from './partial.ts';

const ROWS = 1000;
const rows = Int32Array.from({ length: ROWS }, (_, row) => row);
const age = Float64Array.from(rows, (row) => row % 50);
const purpose = Float64Array.from(rows, (row) => (row % 10 < 7 ? 0 : 1));
const feature = { type: 'DOUBLE', nullable: false, pooled: false, min: null, max: null, mean: null };
const lay = [
  distributionOf({ ...feature, name: 'age', kind: 'number', levels: [] }, age, rows),
  distributionOf({ ...feature, name: 'purpose', kind: 'category', levels: ['car', 'house'] }, purpose, rows),
];
/** Says 3 × age + 10 for a house, whatever else there is. */
const mean = (columns: readonly Float64Array[]) => {
  const said = Array.from(columns[0] ?? [], (value, at) => 3 * value + 10 * (columns[1]?.[at] ?? 0));
  return [said.reduce((sum, each) => sum + each, 0) / said.length];
};
const asked = { columns: [age, purpose], rows, lay, isTime: () => false, mean };

it('is the feature’s own part of what is said, beside a mean of all else', () => {
  const [byAge, byPurpose] = partialDependence([0, 1], asked);
  expect(byAge).toMatchObject({ feature: 'age', kind: 'number', rows: 143 });
  const first = byAge?.points[0];
  for (const { at, means } of byAge?.points ?? [])
    expect((means[0] ?? 0) - (first?.means[0] ?? 0)).toBeCloseTo(3 * (Number(at) - Number(first?.at)), 9);
  expect(byPurpose?.points.map(({ at }) => at)).toEqual(['car', 'house']);
  expect((byPurpose?.points[1]?.means[0] ?? 0) - (byPurpose?.points[0]?.means[0] ?? 0)).toBeCloseTo(10, 9);
});

it('tells how the feature lies: shares of all rows that add up to one', () => {
  const [byAge, byPurpose] = partialDependence([0, 1], asked);
  const sum = (points: readonly { share: number }[] = []) => points.reduce((all, { share }) => all + share, 0);
  expect(sum(byAge?.points)).toBeCloseTo(1, 9);
  for (const { share } of byAge?.points.slice(1, -1) ?? []) expect(share).toBeCloseTo(1 / 15, 1);
  expect(byPurpose?.points.map(({ share }) => share)).toEqual([0.7, 0.3]);
});

it('leaves out what has one value, and asks of at most twelve features and sixteen labels', () => {
  const same: Distribution = { name: 'same', kind: 'number', cuts: [5], labels: [], counts: [0, ROWS], missing: 0 };
  expect(partialDependence([0], { ...asked, lay: [same] })).toEqual([]);
  const many = Array.from({ length: 20 }, (_, at) => `l${at}`);
  const wide: Distribution = {
    name: 'wide',
    kind: 'category',
    cuts: [],
    labels: many,
    counts: many.map(() => 1),
    missing: 0,
  };
  expect(partialDependence([0], { ...asked, lay: [wide] })[0]?.points).toHaveLength(16);
  const all = Array.from({ length: 30 }, (_, at) => at);
  const columns = all.map(() => age);
  expect(partialDependence(all, { ...asked, columns, lay: all.map(() => wide) })).toHaveLength(12);
});

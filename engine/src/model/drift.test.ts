import { describe, expect, it } from 'vitest';
import { countedAs, distributionOf } from './distribution.ts';
import { driftOf, gammaTail, kolmogorovTail } from './drift.ts';
import type { Feature } from './feature.ts';
import { numberFeature } from './feature.ts';
import { seededRandom } from './random.ts';

const all = (column: Float64Array) => column.map((_, row) => row);

function normal(seed: number, count: number, mean = 0): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from(
    { length: count },
    () => mean + Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

function ofNumbers(training: Float64Array, now: Float64Array) {
  const known = distributionOf(numberFeature('x', 'number', 'DOUBLE', training), training, all(training));
  return driftOf(known, countedAs(known, now));
}

function ofLabels(levels: readonly string[], training: readonly number[], now: readonly number[]) {
  const feature: Feature = {
    ...numberFeature('c', 'category', 'VARCHAR', new Float64Array()),
    levels: [...levels],
  };
  const known = distributionOf(feature, Float64Array.from(training), all(Float64Array.from(training)));
  return driftOf(known, countedAs(known, Float64Array.from(now)));
}

describe('drift', () => {
  it('is none against the same rows', () => {
    const rows = normal(1, 5000);
    expect(ofNumbers(rows, rows)).toMatchObject({ psi: 0, ks: 0, p: 1, verdict: 'stable' });
  });

  it.each([
    [0, 'stable'],
    [0.4, 'moved'],
    [1, 'shifted'],
  ])('of a mean that moved by %d deviations is %s', (by, verdict) => {
    expect(ofNumbers(normal(2, 5000), normal(3, 5000, by)).verdict).toBe(verdict);
  });

  it('finds the distance of Kolmogorov and Smirnov that the raw values have, up to one bin', () => {
    const [training, now] = [normal(4, 2000), normal(5, 2000, 0.5)];
    const below = (values: Float64Array, x: number) => values.filter((value) => value <= x).length / values.length;
    const exact = Math.max(...[...training, ...now].map((x) => Math.abs(below(training, x) - below(now, x))));
    expect(Math.abs((ofNumbers(training, now).ks ?? 0) - exact)).toBeLessThan(1 / 50);
  });

  it('has no p below 0.01 in most of two hundred draws of one law', () => {
    const rejected = Array.from({ length: 200 }, (_, at) => ofNumbers(normal(at, 400), normal(at + 1000, 400)).p ?? 1);
    expect(rejected.filter((p) => p < 0.01).length).toBeLessThanOrEqual(8);
  });

  it('of labels is the chi² of homogeneity', () => {
    // chi2_contingency([[30, 20, 10], [20, 20, 20]], correction=False) of SciPy 1.16
    const rows = (counts: readonly number[]) => counts.flatMap((count, code) => new Array<number>(count).fill(code));
    const found = ofLabels(['a', 'b', 'c'], rows([30, 20, 10]), rows([20, 20, 20]));
    expect(found.chi2).toBeCloseTo(5.333333333, 8);
    expect(found.p).toBeCloseTo(0.0694834512, 8);
  });

  it('sees values that went missing, which the tests of values do not', () => {
    const rows = normal(6, 1000);
    const found = ofNumbers(
      rows,
      rows.map((value, at) => (at % 2 === 0 ? NaN : value)),
    );
    expect(found).toMatchObject({ verdict: 'shifted', missing: { training: 0, now: 0.5 } });
  });

  it('of nothing asked is nothing, without a chance of it', () => {
    expect(ofNumbers(normal(7, 100), new Float64Array())).toMatchObject({ psi: 0, ks: 0, p: null });
  });
});

it('tails of both laws are those of the tables', () => {
  expect(gammaTail(0.5, 3.841458820694124 / 2)).toBeCloseTo(0.05, 10);
  expect(gammaTail(2.5, 5)).toBeCloseTo(0.07523524614651, 10);
  expect(gammaTail(50, 60)).toBeCloseTo(0.0844066, 5);
  expect(kolmogorovTail(1.3580986393225505)).toBeCloseTo(0.05, 6);
});

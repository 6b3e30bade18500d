import { describe, expect, it } from 'vitest';
import { aucOf, classMetrics } from './class-metrics.ts';
import { calibrationOf, rocOf } from './curve.ts';
import { numberMetrics } from './number-metrics.ts';
import { seededRandom } from './random.ts';
import { splitRows } from './split.ts';

describe('metrics', () => {
  it('the area counts every pair, a tie as half', () => {
    const random = seededRandom(11);
    const scores = Float64Array.from({ length: 200 }, () => Math.floor(random() * 20) / 20);
    const positive = Array.from(scores, (score) => random() < score);
    let [won, pairs] = [0, 0];
    for (const [a, isA] of positive.entries())
      for (const [b, isB] of positive.entries()) {
        if (!isA || isB) continue;
        pairs += 1;
        const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
        won += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
      }
    expect(aucOf(positive, scores)).toBeCloseTo(won / pairs, 12);
    const curve = rocOf(positive, scores);
    const area = curve.slice(1).reduce((sum, point, at) => {
      const before = curve[at] ?? point;
      return sum + ((point.falsePositives - before.falsePositives) * (point.truePositives + before.truePositives)) / 2;
    }, 0);
    expect(area).toBeCloseTo(won / pairs, 12);
    expect(calibrationOf(positive, scores).reduce((sum, bin) => sum + bin.rows, 0)).toBe(200);
  });

  it('f1, precision and recall are those of the positive class of two', () => {
    const likely = [Float64Array.of(0.1, 0.8, 0.4, 0.9, 0.2), Float64Array.of(0.9, 0.2, 0.6, 0.1, 0.8)];
    const found = classMetrics([1, 1, 0, 0, 1], likely);
    expect(found.precision).toBeCloseTo(2 / 3, 12);
    expect(found.recall).toBeCloseTo(2 / 3, 12);
    expect(found.f1).toBeCloseTo(2 / 3, 12);
    expect(found.accuracy).toBeCloseTo(0.6, 12);
    expect(found.logloss).toBeCloseTo(
      -(Math.log(0.9) + Math.log(0.2) + Math.log(0.4) + Math.log(0.9) + Math.log(0.8)) / 5,
      12,
    );
  });

  it('errors of numbers', () => {
    expect(numberMetrics([2, 4, 6], [3, 4, 4])).toEqual({
      rmse: Math.sqrt(5 / 3),
      mae: 1,
      r2: 1 - 5 / 8,
      mape: (0.5 + 1 / 3) / 3,
    });
    expect(numberMetrics([0, 0], [1, -1])).toMatchObject({ r2: null, mape: null });
  });
});

describe('a split', () => {
  const rows = Int32Array.from({ length: 100 }, (_, row) => row);
  const labels = Int32Array.from(rows, (row) => (row % 10 === 0 ? 1 : 0));

  it('has every row once, and the share that was asked', () => {
    const { train, test } = splitRows(rows, 0.2, { kind: 'random' }, seededRandom(1));
    expect(test.length).toBe(20);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual([...rows]);
  });

  it('stratified keeps the share of every class', () => {
    const { test } = splitRows(rows, 0.2, { kind: 'stratified', labels }, seededRandom(1));
    expect(test.filter((row) => labels[row] === 1).length).toBe(2);
  });

  it('by time tests on the latest, by group never parts a group', () => {
    const times = Float64Array.from(rows, (row) => (row * 37) % 100);
    const byTime = splitRows(rows, 0.2, { kind: 'time', times }, seededRandom(1));
    expect(Math.min(...Array.from(byTime.test, (row) => times[row] ?? 0))).toBe(80);
    const groups = Array.from(rows, (row) => `g${row % 7}`);
    const { train, test } = splitRows(rows, 0.2, { kind: 'group', groups }, seededRandom(1));
    const inTest = new Set(Array.from(test, (row) => groups[row]));
    expect(inTest.size).toBeGreaterThan(0);
    expect(train.some((row) => inTest.has(groups[row]))).toBe(false);
  });
});

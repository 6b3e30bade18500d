import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from './random.ts';
import type { SplitBy } from './split.ts';
import { foldRows } from './split.ts';

const cases = fc.record({
  count: fc.integer({ min: 12, max: 80 }),
  folds: fc.integer({ min: 2, max: 6 }),
  seed: fc.nat(),
});

function byOf(kind: SplitBy['kind'], count: number): SplitBy {
  const rows = Array.from({ length: count }, (_, row) => row);
  if (kind === 'stratified') return { kind, labels: rows.map((row) => Number(row % 3 === 0)) };
  if (kind === 'time') return { kind, times: Float64Array.from(rows, (row) => (row * 7) % count) };
  return kind === 'group' ? { kind, groups: rows.map((row) => `g${row % 9}`) } : { kind: 'random' };
}

it.each(['random', 'stratified', 'group', 'time'] as const)('folds by %s test no row that was learned from', (kind) => {
  fc.assert(
    fc.property(cases, ({ count, folds, seed }) => {
      const rows = Int32Array.from({ length: count }, (_, row) => row);
      const by = byOf(kind, count);
      const parts = foldRows(rows, folds, by, seededRandom(seed));
      const tested = parts.flatMap(({ test }) => [...test]);
      expect(new Set(tested).size).toBe(tested.length);
      if (by.kind !== 'time') expect(tested.toSorted((a, b) => a - b)).toEqual([...rows]);
      for (const { train, test } of parts) {
        expect(train.some((row) => test.includes(row))).toBe(false);
        if (by.kind === 'group') {
          const learned = new Set(Array.from(train, (row) => by.groups[row]));
          expect(Array.from(test, (row) => by.groups[row]).some((group) => learned.has(group))).toBe(false);
        }
        if (by.kind === 'time') {
          const latest = Math.max(...Array.from(train, (row) => by.times[row] ?? 0));
          expect(Math.min(...Array.from(test, (row) => by.times[row] ?? 0))).toBeGreaterThanOrEqual(latest);
        }
        if (by.kind === 'stratified') {
          const share = Array.from(test, (row) => by.labels[row] ?? 0).reduce((sum, label) => sum + label, 0);
          expect(Math.abs(share - test.length / 3)).toBeLessThanOrEqual(2);
        }
      }
    }),
  );
});

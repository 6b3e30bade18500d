import fc from 'fast-check';
import { expect, it } from 'vitest';
import { minimize } from './lbfgs.ts';

it('finds the lowest point of any bowl, however stretched', () => {
  const bowl = fc.array(
    fc.record({ at: fc.double({ min: -50, max: 50, noNaN: true }), steep: fc.integer({ min: 1, max: 500 }) }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(bowl, (axes) => {
      const loss = (point: Float64Array, gradient: Float64Array) =>
        axes.reduce((sum, { at, steep }, axis) => {
          const off = (point[axis] ?? 0) - at;
          gradient[axis] = 2 * steep * off;
          return sum + steep * off ** 2;
        }, 0);
      const found = minimize(loss, axes.length, 500, 1e-9);
      for (const [axis, { at }] of axes.entries()) expect(found[axis]).toBeCloseTo(at, 4);
    }),
    { numRuns: 200 },
  );
});

it('ends at zero when the loss is flat', () => {
  expect([...minimize(() => 0, 3, 10)]).toEqual([0, 0, 0]);
});

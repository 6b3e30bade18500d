import type { CheckHistory } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { trendShape } from './check-trend.ts';

type One = CheckHistory['trend'][number];
const one = (more: Partial<One>): One => ({
  status: 'passed',
  violations: null,
  value: null,
  total: null,
  at: '2025-01-01T00:00:00Z',
  ...more,
});

describe('the trend of a test', () => {
  it('is a line of what was measured, from the least at the bottom to the most at the top', () => {
    const { kind, points } = trendShape(
      [one({ value: 10 }), one({ value: 30, status: 'failed' }), one({ value: 20 })],
      100,
      24,
    );
    expect(kind).toBe('line');
    expect(points.map(({ y }) => y)).toEqual([20, 4, 12]);
    expect(points.map(({ status }) => status)).toEqual(['passed', 'failed', 'passed']);
  });

  it('is bars of the share of rows against it, from nothing on', () => {
    const { kind, points } = trendShape(
      [one({ violations: 0, total: 10 }), one({ violations: 5, total: 10 })],
      100,
      24,
    );
    expect([kind, points.map(({ y }) => y)]).toEqual(['bars', [20, 4]]);
  });

  it('stays inside its box however many there are, and with one or none', () => {
    const many = trendShape(
      Array.from({ length: 50 }, (_, at) => one({ value: at })),
      100,
      24,
    ).points;
    expect(Math.max(...many.map(({ x }) => x))).toBeLessThanOrEqual(96);
    expect(trendShape([one({ value: 3 })], 100, 24).points).toEqual([{ x: 4, y: 12, status: 'passed' }]);
    expect(trendShape([], 100, 24).points).toEqual([]);
  });
});

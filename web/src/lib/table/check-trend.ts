import type { CheckHistory } from '@datacraft/shared';

export interface TrendPoint {
  readonly x: number;
  readonly y: number;
  readonly status: CheckHistory['status'];
}

export interface TrendShape {
  /** `line` of what was measured, or `bars` of how many rows broke the rule. */
  readonly kind: 'line' | 'bars';
  readonly points: readonly TrendPoint[];
}

const PAD = 4;
const STEP_MAX = 12;

/** Where each result lies in a box of this size, oldest on the left; what has no number lies at the bottom. */
export function trendShape(trend: CheckHistory['trend'], width: number, height: number): TrendShape {
  const kind = trend.some(({ value }) => value !== null) ? 'line' : 'bars';
  const numbers = trend.map((one) => (kind === 'line' ? one.value : shareOf(one)));
  const known = numbers.filter((number) => number !== null);
  const least = kind === 'bars' ? 0 : Math.min(...known);
  const most = Math.max(...known, kind === 'bars' ? 0 : least);
  const step = Math.min(STEP_MAX, (width - 2 * PAD) / Math.max(1, trend.length - 1));
  const points = trend.map(({ status }, at) => {
    const number = numbers[at] ?? null;
    const up = number === null ? 0 : most === least ? (kind === 'bars' ? 0 : 0.5) : (number - least) / (most - least);
    return { x: PAD + at * step, y: height - PAD - up * (height - 2 * PAD), status };
  });
  return { kind, points };
}

function shareOf({ violations, total }: CheckHistory['trend'][number]): number | null {
  if (violations === null) return null;
  return total === null || total === 0 ? violations : violations / total;
}

import type { Band } from './augurs.ts';

/** So many values before the one that is judged are looked at: odd ones for longer are the new usual. */
const LATELY = 7;

/**
 * A past whose latest values do not bend what is forecast from it: those that left the band of what came before them are
 * replaced by what was forecast, so that what is usual again is seen to be.
 */
export function usualPast(
  past: Float64Array,
  least: number,
  forecast: (past: Float64Array, steps: number) => Pick<Band, 'point' | 'lower' | 'upper'>,
): Float64Array {
  const from = past.length - LATELY;
  if (from < least) return past;
  const { point, lower, upper } = forecast(past.subarray(0, from), LATELY);
  return past.map((value, at) => {
    const step = at - from;
    const isOdd = step >= 0 && (value < (lower[step] ?? -Infinity) || value > (upper[step] ?? Infinity));
    return isOdd ? (point[step] ?? value) : value;
  });
}

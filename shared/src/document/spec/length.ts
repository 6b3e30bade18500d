const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(ms|milliseconds?)$/i, 1],
  [/^(s|secs?|seconds?)$/i, 1_000],
  [/^(m|mins?|minutes?)$/i, 60_000],
  [/^(h|hours?)$/i, 3_600_000],
  [/^(d|days?)$/i, 86_400_000],
  [/^(w|weeks?)$/i, 604_800_000],
];

/** Nothing that is waited for or repeated is shorter. */
export const SHORTEST_MS = 1_000;

/** `15 minutes`, `2h`, `1 day` in milliseconds; NaN for other texts, and for months and years, which have no fixed length. */
export function lengthMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const size = UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  return size === undefined ? NaN : Math.round(Number(count) * size);
}

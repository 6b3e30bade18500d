import { Fault, say } from '@datacraft/shared';

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(ms|milliseconds?)$/i, 1],
  [/^(s|secs?|seconds?)$/i, 1_000],
  [/^(m|mins?|minutes?)$/i, 60_000],
  [/^(h|hours?)$/i, 3_600_000],
  [/^(d|days?)$/i, 86_400_000],
  [/^(w|weeks?)$/i, 604_800_000],
];
const SHORTEST_MS = 1_000;

/** `15 minutes`, `2h`, `1 day` in milliseconds. Months and years have no fixed length: they are refused. */
export function spanMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const size = UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  const ms = size === undefined ? NaN : Math.round(Number(count) * size);
  if (ms >= SHORTEST_MS) return ms;
  throw new Fault(
    'bad-request',
    say('"{text}" is not a length of at least a second in seconds to weeks; write 15 minutes', { text }),
  );
}

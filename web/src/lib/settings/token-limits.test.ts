import { expect, it } from 'vitest';
import { limitsWritten } from './token-limits.ts';

it('reads limits as they are written, and none where nothing is', () => {
  expect(limitsWritten('', ' 1000 ')).toEqual({ requestsPerSecond: null, predictionsPerDay: 1000 });
  expect(limitsWritten('100000', '')).toEqual({ requestsPerSecond: 100_000, predictionsPerDay: null });
  for (const odd of ['0', '-1', '1.5', 'many', '1e3', '100001']) expect(limitsWritten(odd, '')).toBeNull();
  expect(limitsWritten('', '9007199254740993')).toBeNull();
});

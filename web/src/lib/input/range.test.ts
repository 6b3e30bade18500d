import { expect, test } from 'vitest';

import { rangeAfter } from './range.ts';

test('an end alone is both ends', () => {
  expect(rangeAfter([], 1, '2026-02-01')).toEqual(['2026-02-01', '2026-02-01']);
  expect(rangeAfter(['2026-01-01', '2026-02-01'], 0, '')).toEqual(['2026-02-01', '2026-02-01']);
});

test('an end beyond the other takes it along', () => {
  expect(rangeAfter(['2026-01-01', '2026-02-01'], 0, '2026-03-01')).toEqual(['2026-03-01', '2026-03-01']);
  expect(rangeAfter(['2026-01-01', '2026-02-01'], 1, '2025-12-01')).toEqual(['2025-12-01', '2025-12-01']);
});

test('two empty ends are no range', () => {
  expect(rangeAfter(['2026-01-01', ''], 0, '')).toBeNull();
});

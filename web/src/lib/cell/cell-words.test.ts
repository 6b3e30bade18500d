import { expect, test } from 'vitest';

import { progressWords } from './cell-words.ts';

test('progress is told in rows and bytes that were counted, else as the share of the work', () => {
  const share = { rows: null, total: null, percent: 9.4 };
  expect(progressWords({ rows: 4_000, total: 8_000, percent: 50 })).toBe('4,000 of 8,000 rows');
  expect(progressWords({ ...share, bytes: 2_000_000, totalBytes: 4_000_000 })).toContain(' of ');
  expect(progressWords(share)).toBe('9 %');
  expect(progressWords({ ...share, percent: null })).toBe('running');
});

import { expect, it } from 'vitest';
import { driftFires } from './see-drift.ts';

it('drift fires once for each champion, again when it came back, and while it goes on', () => {
  const calm: { version: number; drifted: string[] } = { version: 1, drifted: [] };
  const far = { version: 1, drifted: ['income'] };
  const fires = (before: unknown, seen: typeof far, sinceMs = 5) => driftFires(before, seen, { sinceMs, againMs: 10 });
  expect(fires(undefined, calm)).toBe(false);
  expect(fires(undefined, far)).toBe(true);
  expect(fires(calm, far)).toBe(true);
  expect(fires(far, { version: 1, drifted: ['income', 'age'] })).toBe(false);
  expect(fires(far, { version: 2, drifted: ['income'] })).toBe(true);
  expect(fires(far, calm)).toBe(false);
  expect(fires(far, far, 10)).toBe(true);
  expect(fires(calm, calm, 10)).toBe(false);
});

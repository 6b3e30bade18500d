import { expect, it } from 'vitest';
import { driftFires } from './see-drift.ts';

it('drift fires once for each champion, and again when it came back', () => {
  const calm = { version: 1, drifted: [] };
  const far = { version: 1, drifted: ['income'] };
  expect(driftFires(undefined, calm)).toBe(false);
  expect(driftFires(undefined, far)).toBe(true);
  expect(driftFires(calm, far)).toBe(true);
  expect(driftFires(far, { version: 1, drifted: ['income', 'age'] })).toBe(false);
  expect(driftFires(far, { version: 2, drifted: ['income'] })).toBe(true);
  expect(driftFires(far, calm)).toBe(false);
});

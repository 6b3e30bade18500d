import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countDecisions, decide } from './decision.ts';

it('approves low risk, denies high risk and leaves the rest to people', () => {
  const rule = { approve: 0.2, deny: 0.6 };
  expect([0, 0.2, 0.21, 0.59, 0.6, 1].map((at) => decide(rule, at))).toEqual([
    'approve',
    'approve',
    'review',
    'review',
    'deny',
    'deny',
  ]);
});

it('approves what is likely when approval stands above denial', () => {
  const rule = { approve: 0.8, deny: 0.3 };
  expect([0, 0.3, 0.31, 0.79, 0.8, 1].map((at) => decide(rule, at))).toEqual([
    'deny',
    'deny',
    'review',
    'review',
    'approve',
    'approve',
  ]);
});

const share = fc.double({ min: 0, max: 1, noNaN: true });

it('decides every row once, and never more harshly for less risk', () => {
  fc.assert(
    fc.property(share, share, fc.array(share), (one, other, probabilities) => {
      fc.pre(one !== other);
      const rule = { approve: Math.min(one, other), deny: Math.max(one, other) };
      const counts = countDecisions(rule, probabilities, (row) => row % 2 === 0);
      expect(counts.reduce((sum, { rows }) => sum + rows, 0)).toBe(probabilities.length);
      expect(counts.reduce((sum, { positives }) => sum + positives, 0)).toBe(Math.ceil(probabilities.length / 2));
      const order = { approve: 0, review: 1, deny: 2 };
      const made = probabilities.toSorted((a, b) => a - b).map((each) => order[decide(rule, each)]);
      expect(made).toEqual(made.toSorted((a, b) => a - b));
    }),
  );
});

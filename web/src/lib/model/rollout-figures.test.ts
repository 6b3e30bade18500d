import type { RunningRollout } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { en } from '#lib/i18n/rooms/rollout.ts';
import { figuresOf } from './rollout-figures.ts';

const canary: RunningRollout = {
  version: 2,
  mode: 'canary',
  percent: 30,
  by: 'Ana',
  since: '2026-01-01T00:00:00.000Z',
  asked: 1000,
  answered: 300,
  compared: 300,
  agreed: 291,
  difference: 0,
  decided: 300,
  decidedOtherwise: 12,
  errors: 4,
  dropped: 0,
  agreement: 0.97,
  meanDifference: null,
  failure: null,
  failedAt: null,
};
const shown = (rollout: RunningRollout) => figuresOf(rollout, en).map(({ label, value }) => `${label} ${value}`);

it('a canary tells what it answered and who answered in its place', () => {
  expect(shown(canary)).toEqual([
    'Asked 1,000',
    'Answered by it 300',
    'Agree 97%',
    'Decided otherwise 12',
    'Could not be scored 4',
  ]);
  expect(figuresOf(canary, en).at(-1)?.why).toBe(en.errorsWhy);
});

it('a shadow of numbers tells how far apart they are and what was left out, and nothing of decisions', () => {
  const numbers = { agreement: null, meanDifference: 0.12345, decided: 0, decidedOtherwise: 0, errors: 0, dropped: 20 };
  const found = figuresOf({ ...canary, mode: 'shadow', ...numbers }, en);
  expect(found.map(({ label, value }) => `${label} ${value}`)).toEqual([
    'Asked 1,000',
    'Scored by both 300',
    'Mean difference 0.1235',
    'Could not be scored 0',
    'Left out 20',
  ]);
  expect(found.map(({ why }) => why !== null)).toEqual([false, false, false, false, true]);
});

import { expect, it } from 'vitest';
import { gainOf, hasWon } from './promotion.ts';

it('a challenger wins by the margin of the chosen metric, whichever way it counts', () => {
  expect(hasWon({ metric: 'auc', margin: 0.01 }, { auc: 0.92 }, { auc: 0.9 })).toBe(true);
  expect(hasWon({ metric: 'auc', margin: 0.05 }, { auc: 0.92 }, { auc: 0.9 })).toBe(false);
  expect(hasWon({ metric: 'rmse', margin: 1 }, { rmse: 8 }, { rmse: 10 })).toBe(true);
  expect(hasWon({ metric: 'rmse' }, { rmse: 10 }, { rmse: 8 })).toBe(false);
});

it('as good is no win, and what was not measured neither', () => {
  expect(hasWon({ metric: 'f1' }, { f1: 0.5 }, { f1: 0.5 })).toBe(false);
  expect(gainOf('auc', { auc: null }, { auc: 0.5 })).toBeNull();
  expect(hasWon({ metric: 'auc' }, {}, { auc: 0.1 })).toBe(false);
});

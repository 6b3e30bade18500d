import { expect, test } from 'vitest';
import { placeIn, STEPS } from './guide.svelte.ts';

test('a place in the tour is read back, and anything else is none', () => {
  expect(placeIn('nb_1 0')).toEqual({ notebook: 'nb_1', step: 0 });
  expect(placeIn(`nb_1 ${STEPS.length - 1}`)).toEqual({ notebook: 'nb_1', step: STEPS.length - 1 });
  for (const stored of [null, '', 'nb_1', ' 1', 'nb_1 -1', 'nb_1 x', `nb_1 ${STEPS.length}`, 'nb_1 1.5'])
    expect(placeIn(stored)).toBeNull();
});

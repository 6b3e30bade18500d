import { describe, expect, it } from 'vitest';
import { emptyStep, moved, stepFields, withValue } from './step-form.ts';
import { suggestionsFrom } from './suggest.ts';

describe('suggestions for steps', () => {
  it('come from what was counted: date formats, numbers of people, broken text, spaces, gaps and doubles', () => {
    const found = suggestionsFrom([
      ['', 10, 9, 0, 0, 0, 0, 0, 0, 0, 0],
      ['day', 10, 10, 0, 0, 0, 0, 5, 3, 2, 0],
      ['cpf', 10, 8, 8, 0, 0, 0, 0, 0, 0, 0],
      ['name', 10, 10, 0, 0, 2, 3, 0, 0, 0, 0],
    ]);
    expect(found.map(({ because, column, count }) => [because, column, count])).toEqual([
      ['duplicates', '', 1],
      ['dates', 'day', 3],
      ['cpf', 'cpf', 8],
      ['nulls', 'cpf', 2],
      ['mojibake', 'name', 2],
      ['spaces', 'name', 3],
    ]);
    expect(found[1]?.step).toEqual({ standardize: { day: 'date' } });
  });
});

describe('the form of a step', () => {
  it('begins every kind with the keys it needs, and keeps the order of steps that do not move', () => {
    expect(emptyStep('split')).toEqual({ split: { column: '', by: '', into: '' } });
    expect(Object.keys(stepFields)).toHaveLength(26);
    expect(withValue({ filter: 'a', x: 1 }, 'x', undefined)).toEqual({ filter: 'a' });
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
});

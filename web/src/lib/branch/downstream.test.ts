import { describe, expect, it } from 'vitest';
import { downstreamOf } from './downstream.ts';

const cell = (name: string, ...reads: string[]) => ({ id: `cell_${name}`, name, reads });

describe('what follows from a change', () => {
  it('is all that reads it, near or far, in the order of the notebook, without what changed itself', () => {
    const cells = [
      cell('far', 'near'),
      cell('other'),
      cell('near', 'changed', 'other'),
      cell('changed', 'too'),
      cell('too'),
    ];
    expect(downstreamOf(cells, ['changed', 'too']).map(({ name }) => name)).toEqual(['far', 'near']);
    expect(downstreamOf(cells, ['other']).map(({ name }) => name)).toEqual(['far', 'near']);
    expect(downstreamOf(cells, [])).toEqual([]);
  });

  it('ends where cells read each other', () => {
    expect(downstreamOf([cell('a', 'b'), cell('b', 'a', 'c')], ['c']).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

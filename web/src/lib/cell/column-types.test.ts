import { describe, expect, it } from 'vitest';
import { typesAsText, typesOfText } from './column-types.ts';

describe('types of columns in one field', () => {
  it('are read as they are written, with commas inside of types', () => {
    const types = {
      id: 'integer',
      total: 'decimal(12,2)',
      tags: 'map(varchar, bigint)',
      place: 'struct(a int, b int)[]',
    };
    expect(typesOfText(typesAsText(types))).toEqual(types);
    expect(typesOfText(' ')).toBeUndefined();
    expect(typesOfText('id integer')).toEqual({ 'id integer': '' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundTo, parameterNames, textOf, valueOf } from './parameters.ts';

describe('parameters of a query', () => {
  it('are found where SQL has them, not in texts and comments', () => {
    expect(parameterNames("select $a, '$b', $a -- $c\n where x = $d_1 and y = $$ $e $$")).toEqual(['a', 'd_1']);
    expect(boundTo('select $a, $b', { a: 1, gone: 2 })).toEqual({ a: 1, b: null });
  });

  it('are read as they are written', () => {
    expect(['12', '-0.5', 'true', '', "'12'", 'São Paulo', '007'].map(valueOf)).toEqual([
      12,
      -0.5,
      true,
      null,
      '12',
      'São Paulo',
      '007',
    ]);
    fc.assert(
      fc.property(fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean()), (value) => {
        expect(valueOf(textOf(value))).toBe(value);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { changeOfType } from './source-type.ts';

describe('changeOfType', () => {
  it('takes away what only the old type knows and gives a simulator what it needs', () => {
    expect(changeOfType({ type: 'csv', path: './a.csv', delimiter: ';', description: 'Orders' }, 'simulator')).toEqual({
      path: undefined,
      delimiter: undefined,
      template: 'ecommerce_orders',
      rows: 1000,
      seed: 42,
      type: 'simulator',
    });
  });

  it('keeps the file between types of files', () => {
    expect(changeOfType({ type: 'csv', path: './a.csv', delimiter: ';' }, 'json')).toEqual({
      delimiter: undefined,
      type: 'json',
    });
  });
});

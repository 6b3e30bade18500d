import { describe, expect, it } from 'vitest';
import { entryText, parseNumber } from './number-entry.ts';

describe('numbers as people type them', () => {
  it.each([
    ['1.234,5', 'pt-BR', 1234.5],
    ['1234,5', 'pt-BR', 1234.5],
    ['0,75', 'pt-BR', 0.75],
    ['0.5', 'pt-BR', 0.5],
    ['1.234', 'pt-BR', 1234],
    ['-12', 'pt-BR', -12],
    ['1,234.5', 'en', 1234.5],
    ['1234.5', 'en', 1234.5],
    ['0,5', 'en', 0.5],
    ['1,234', 'en', 1234],
    [' 12 000 ', 'en', 12000],
  ])('%s in %s', (text, language, number) => {
    expect(parseNumber(text, language)).toBe(number);
  });

  it.each(['many', '1,2,3', '12abc', '--1', '1.2.3,4,5'])('are refused when they are none: %s', (text) => {
    expect(parseNumber(text, 'pt-BR')).toBeNull();
  });

  it('are nothing when nothing is typed', () => {
    expect(parseNumber('  ', 'en')).toBeUndefined();
  });

  it('come back as they were written', () => {
    for (const language of ['en', 'pt-BR'])
      for (const number of [0, -1.25, 1234567.891, 0.000001])
        expect(parseNumber(entryText(number, language), language)).toBe(number);
  });
});

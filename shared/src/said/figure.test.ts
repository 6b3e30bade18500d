import { expect, it } from 'vitest';
import { figuresOf, figureText } from './figure.ts';

const inBoth = (...values: number[]) =>
  figuresOf(...values).map((each) => [figureText(each, 'en'), figureText(each, 'pt-BR')]);

it('a number of a sentence has four figures, written as each language writes it', () => {
  expect(inBoth(33.336438309)).toEqual([['33.34', '33,34']]);
  expect(inBoth(1234567.89)).toEqual([['1,234,568', '1.234.568']]);
  expect(inBoth(0.000123456)).toEqual([['0.0001235', '0,0001235']]);
  expect(inBoth(12)).toEqual([['12', '12']]);
  expect(inBoth(0)).toEqual([['0', '0']]);
  expect(inBoth(-0.5)).toEqual([['-0.5', '-0,5']]);
});

it('numbers of one sentence have as many decimals each, and what differs looks different', () => {
  expect(inBoth(512.3456, 99.98765, 140).map(([en]) => en)).toEqual(['512.3', '100', '140']);
  expect(inBoth(30000.25, 30000).map(([en]) => en)).toEqual(['30,000.3', '30,000']);
  expect(inBoth(5, 5).map(([en]) => en)).toEqual(['5', '5']);
  expect(inBoth(NaN, Infinity).map(([en]) => en)).toEqual(['NaN', '∞']);
});

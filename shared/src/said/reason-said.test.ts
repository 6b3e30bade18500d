import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reason, type Reason } from './portuguese/index.ts';
import { reasonSaid } from './reason-said.ts';
import type { Said } from './said.ts';
import { english } from './said.ts';
import { inPortuguese } from './translate.ts';

const holesOf = (key: string) => [...key.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
const said = (key: Reason, valueOf: (name: string) => string): Said => {
  const holes = holesOf(key);
  return holes.length === 0 ? { key } : { key, values: Object.fromEntries(holes.map((name) => [name, valueOf(name)])) };
};
const single = (Object.keys(reason) as Reason[]).filter((key) => key !== '{first}; {next}');
const ofText = (text: string) => inPortuguese(reasonSaid(text));

describe('why a row was set aside, found again in its text', () => {
  it.each(single)('is the same sentence, whatever fills it: %s', (key) => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (filler) => {
        const words = said(key, (name) => `${name} ${filler.replaceAll(';', ',')}\n"é`);
        expect(ofText(english(words))).toBe(inPortuguese(words));
      }),
      { numRuns: 50 },
    );
  });

  it('keeps a value that has words of the sentence in it', () => {
    expect(ofText('amount: could not convert from a to b to INTEGER')).toBe(
      'amount: não foi possível converter from a to b em INTEGER',
    );
    expect(ofText('a.b: could not convert string "x" to y" to \'DATE\'')).toBe(
      'a.b: não foi possível converter o texto "x" to y" em \'DATE\'',
    );
  });

  it('says each of several', () => {
    expect(ofText('too few values: expected 3 found: 2; a: could not convert string "x; y" to \'DATE\'')).toBe(
      'faltam valores: esperava 3, vieram 2; a: não foi possível converter o texto "x; y" em \'DATE\'',
    );
  });

  it('leaves a text that is not ours as it is', () => {
    expect(reasonSaid('Binder Error: no such column; look')).toBe('Binder Error: no such column; look');
    expect(reasonSaid('')).toBe('');
  });
});

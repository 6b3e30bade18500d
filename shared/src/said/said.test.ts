import { describe, expect, it } from 'vitest';
import { validateConfig } from '../document/spec/validate.ts';
import { Fault } from '../fault.ts';
import { portuguese } from './portuguese/index.ts';
import { figuresOf } from './figure.ts';
import { english, say, worded } from './said.ts';
import { inPortuguese } from './translate.ts';

const holesIn = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe('the catalogue of what is said', () => {
  it.each(Object.entries(portuguese))('has both languages with the same holes: %s', (text, other) => {
    expect(holesIn(other)).toEqual(holesIn(text));
    expect(other).not.toBe('');
    const words = text.replace(/\{\w+\}/g, '');
    if (/[a-z]{2} [a-z]{2}/.test(words)) expect(other).not.toBe(text);
    expect(/[.!]$/.test(other), 'ends as the English does').toBe(/[.!]$/.test(text));
  });
});

describe('a sentence', () => {
  const said = say('missing key "{key}"{expected}', {
    key: 'type',
    expected: say(': expected {forms}', { forms: { list: ['csv', 'json', say('a number')], by: 'or' } }),
  });

  it('is English in the API and Portuguese for who reads it, sentences and lists within it too', () => {
    expect(english(said)).toBe('missing key "type": expected csv, json or a number');
    expect(inPortuguese(said)).toBe('falta a chave "type": esperava csv, json ou um número');
  });

  it('writes numbers of data as each language does', () => {
    const [value] = figuresOf(1033.336438309);
    const measured = say('the query says {shown}', { shown: value });
    expect(english(measured)).toBe('the query says 1,033');
    expect(inPortuguese(JSON.parse(JSON.stringify(measured)))).toBe('a consulta diz 1.033');
  });

  it('keeps texts that are not ours as they are, whatever they hold', () => {
    const name = '$& {name} a map';
    const fault = new Fault('bad-request', say('`{name}` reads itself', { name }));
    expect(fault.message).toBe(`\`${name}\` reads itself`);
    expect(inPortuguese(fault.words)).toBe(`\`${name}\` lê a si mesma`);
    expect(inPortuguese('Binder Error: column "x" not found')).toBeNull();
  });

  it('travels as JSON', () => {
    const { message, said: sent } = worded(said);
    const read = JSON.parse(JSON.stringify({ message, said: sent }));
    expect(read.message).toBe(english(said));
    expect(inPortuguese(read.said)).toBe(inPortuguese(said));
  });

  it('needs no values to be known when nothing in it varies', () => {
    expect(worded('the cell is empty: write one SELECT')).toEqual({ message: 'the cell is empty: write one SELECT' });
    expect(inPortuguese('the cell is empty: write one SELECT')).toBe('a célula está vazia: escreva um SELECT');
  });
});

describe('findings of keys', () => {
  const inBoth = (config: Parameters<typeof validateConfig>[1]) =>
    validateConfig('sql', config).issues.map(({ message }) => [english(message), inPortuguese(message)]);

  it('are said in both languages', () => {
    expect(inBoth({ materialise: 'table' })).toEqual([
      [
        'unknown key "materialise"; did you mean "materialize"?',
        'chave desconhecida "materialise"; quis dizer "materialize"?',
      ],
    ]);
    expect(inBoth({ layer: 'silber' })).toEqual([
      [
        'bad value for "layer": expected bronze, silver or gold, got "silber"; did you mean "silver"?',
        'valor inválido em "layer": esperava bronze, silver ou gold, veio "silber"; quis dizer "silver"?',
      ],
    ]);
    expect(inBoth({ materialize: 'dimension' })).toEqual([
      [
        'missing key "unique_key": a dimension is kept by its business key',
        'falta a chave "unique_key": uma dimensão é mantida pela sua chave de negócio',
      ],
    ]);
  });
});

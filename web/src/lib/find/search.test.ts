import { describe, expect, it } from 'vitest';
import { folded, placesIn, sameOrNext, settingsOf, type Place, type Searched } from './search.ts';

const cell = (given: Partial<Searched>): Searched => ({
  id: 'cell_a',
  name: 'orders',
  text: '',
  read: null,
  settings: [],
  ...given,
});
const told = (places: Place[]) => places.map(({ part, from, to }) => `${part} ${from}-${to}`);

describe('finding words in a cell', () => {
  it('finds in the name, the text and the settings, in this order', () => {
    const given = cell({ text: 'select * from orders_raw', settings: ['./orders.csv', 'utf-8'] });
    expect(told(placesIn(given, { words: 'orders', exact: false }))).toEqual(['name 0-6', 'text 14-20', 'setting 0-6']);
  });

  it('takes small letters for large ones and letters without accents for those with, unless told not to', () => {
    const given = cell({ name: '', text: 'AÇÃO, ação, acao' });
    expect(told(placesIn(given, { words: 'acao', exact: false }))).toEqual(['text 0-4', 'text 6-10', 'text 12-16']);
    expect(told(placesIn(given, { words: 'ação', exact: true }))).toEqual(['text 6-10']);
  });

  it('finds prose as it is read where it is not written so', () => {
    const given = cell({ name: '', text: 'a *marked* word', read: 'a marked word' });
    expect(told(placesIn(given, { words: 'marked word', exact: false }))).toEqual(['read 2-13']);
    expect(told(placesIn(given, { words: 'marked', exact: false }))).toEqual(['text 3-9']);
  });

  it('finds nothing for no words, and places that do not lie over each other', () => {
    expect(placesIn(cell({ text: 'aaaa' }), { words: '', exact: false })).toEqual([]);
    expect(told(placesIn(cell({ name: '', text: 'aaaa' }), { words: 'aa', exact: false }))).toEqual([
      'text 0-2',
      'text 2-4',
    ]);
  });

  it('folds letter by letter, also where a small letter is longer than its large one', () => {
    expect(folded('İstanbul Ñandú')).toHaveLength('İstanbul Ñandú'.length);
    expect(folded('Ñandú')).toBe('nandu');
  });
});

describe('settings as text', () => {
  it('are what stands in them however deep, and no keys', () => {
    expect(
      settingsOf({ path: './a.csv', columns: { amount: 'decimal' }, rules: [{ unique: 'id' }], header: true }),
    ).toEqual(['./a.csv', 'decimal', 'id']);
  });
});

describe('the place that is meant', () => {
  const at = (from: number, cellId = 'cell_a'): Place => ({ cellId, part: 'text', from, to: from + 1 });

  it('is found again, else the next one in its cell', () => {
    expect(sameOrNext([at(1), at(5)], at(5))).toBe(1);
    expect(sameOrNext([at(1), at(9)], at(5))).toBe(1);
    expect(sameOrNext([at(1), at(9, 'cell_b')], at(5))).toBe(-1);
  });
});

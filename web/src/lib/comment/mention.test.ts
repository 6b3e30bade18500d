import { describe, expect, it } from 'vitest';
import { complete, matching, mentionAt, mentionedIn, pieces } from './mention.ts';

const people = [
  { id: '1', name: 'Ana Souza' },
  { id: '2', name: 'Ana' },
  { id: '3', name: 'João Ana' },
  { id: '4', name: 'Bruno' },
];

describe('mentions', () => {
  it('begin with an @ that is not inside a word', () => {
    expect(mentionAt('ask @an', 7)).toEqual({ from: 4, query: 'an' });
    expect(mentionAt('ana@example', 11)).toBeNull();
    expect(mentionAt('@ ana', 5)).toBeNull();
    expect(mentionAt('@', 1)).toEqual({ from: 0, query: '' });
  });

  it('complete names by their beginning, then by a word, without accents', () => {
    expect(matching(people, 'ana').map((one) => one.id)).toEqual(['2', '1', '3']);
    expect(matching(people, 'joao').map((one) => one.id)).toEqual(['3']);
    expect(complete('ask @an now', 7, 4, 'Ana Souza')).toEqual({ text: 'ask @Ana Souza now', caret: 15 });
  });

  it('count only while the name stands in the text', () => {
    expect(mentionedIn('@Bruno see', people)).toEqual(['4']);
    expect(mentionedIn('Bruno see', people)).toEqual([]);
  });

  it('are shown apart, the longest name first', () => {
    expect(pieces('hi @Ana Souza!', people)).toEqual([
      { text: 'hi ', mention: false },
      { text: '@Ana Souza', mention: true },
      { text: '!', mention: false },
    ]);
    expect(pieces('no one', people)).toEqual([{ text: 'no one', mention: false }]);
  });
});

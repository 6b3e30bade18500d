import { describe, expect, it } from 'vitest';
import { startAsText, startOfText } from './start-text.ts';

describe('where a topic begins', () => {
  it('is a word, a time or offsets, and the same text again', () => {
    const offsets = { 0: 1500, 1: '9007199254740993' };
    expect(startOfText('0: 1500, 1:9007199254740993')).toEqual(offsets);
    expect(startAsText(offsets)).toBe('0: 1500, 1: 9007199254740993');
    for (const text of ['latest', '2026-11-30T12:00:00Z', '0: 5, latest']) expect(startOfText(text)).toBe(text);
    expect(startAsText(undefined)).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { diffLines, inStep } from './text-diff.ts';

describe('the difference of two texts', () => {
  it('keeps lines that stayed and sets removed and added ones beside each other', () => {
    const rows = inStep(diffLines('a\nb\nc\nd', 'a\nB\nc\nd\ne'));
    expect(rows).toEqual([
      { before: 'a\n', after: 'a\n' },
      { before: 'b\n', after: 'B\n' },
      { before: 'c\n', after: 'c\n' },
      { before: 'd', after: 'd\n' },
      { before: null, after: 'e' },
    ]);
  });

  it('gives back both texts, whatever they are', () => {
    const seed = Math.floor(Math.random() * 1e9);
    let state = seed;
    const random = (n: number) => ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 8) % n;
    const text = () => Array.from({ length: random(12) }, () => 'abc\n'.slice(random(4))).join('');
    for (let round = 0; round < 500; round += 1) {
      const [before, after] = [text(), text()];
      for (const rows of [diffLines(before, after), inStep(diffLines(before, after))]) {
        expect(rows.map((row) => row.before ?? '').join(''), `seed ${seed}`).toBe(before);
        expect(rows.map((row) => row.after ?? '').join(''), `seed ${seed}`).toBe(after);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import { paperColumnOf, type PaperColumn, piecesOf, planPaper } from './paper.ts';
import type { Shown } from './value.ts';

const SHEET_PT = 520;
const text = (...texts: string[]): Shown[] => texts.map((one) => ({ kind: 'text', text: one }));
const number = (...texts: string[]): Shown[] => texts.map((one) => ({ kind: 'number', text: one }));
const like = (count: number, leastEm: number, mostEm = leastEm): PaperColumn[] =>
  Array.from({ length: count }, () => ({ leastEm, mostEm }));
const ranges = ({ parts }: ReturnType<typeof planPaper>) => parts.map(({ from, to }) => `${from}-${to}`);

describe('a column on paper', () => {
  it('P1 has room for a whole number, date and word, and texts wrap between words', () => {
    expect(paperColumnOf('n', number('1582.52')).leastEm).toBeGreaterThanOrEqual(7 * 0.6 + 1);
    const date = paperColumnOf('d', [{ kind: 'time', text: '2026-11-30 10:20:30' }]);
    expect(date.leastEm).toBe(date.mostEm);
    const long = paperColumnOf('t', text('delivered to the door of a neighbour who was there'));
    expect(long.leastEm).toBe(13.1);
    expect(long.mostEm).toBeGreaterThan(25);
  });

  it('P1 lets a word break that would be a third of the sheet', () => {
    expect(paperColumnOf('hash', text('f'.repeat(200))).leastEm).toBeLessThan(28);
  });

  it('has a name that is cut only between its words', () => {
    expect(piecesOf('delivered_revenue total')).toEqual(['delivered_', 'revenue ', 'total']);
    expect(piecesOf('')).toEqual(['']);
    expect(paperColumnOf('delivered_revenue', []).leastEm).toBeCloseTo(7 + 1.1);
    expect(paperColumnOf('transportation_id', []).leastEm).toBeCloseTo(15 * 0.6 + 1.1);
    expect(paperColumnOf('revenue_0', []).leastEm).toBeCloseTo(9 * 0.6 + 1.1);
  });
});

describe('a table on paper', () => {
  it('is as large as captions and no wider than its texts where it fits', () => {
    const plan = planPaper(like(3, 6, 8), SHEET_PT);
    expect(plan.sizePt).toBe(8.25);
    expect(plan.parts).toEqual([{ from: 0, to: 3, keyPt: null, widthsPt: [66, 66, 66] }]);
  });

  it('P2 gets smaller before it is cut', () => {
    expect(planPaper(like(10, 7), SHEET_PT)).toMatchObject({ sizePt: 7.25, parts: [{ from: 0, to: 10 }] });
  });

  it('P2 is cut into few parts that are even, and the letters grow back as far as these hold', () => {
    const plan = planPaper(like(15, 6), SHEET_PT);
    expect(ranges(plan)).toEqual(['0-8', '8-15']);
    expect(plan.sizePt).toBe(8.25);
  });

  it('P3 begins each further part with the first column, or each with the numbers of the rows', () => {
    const [first, second] = planPaper(like(30, 7), SHEET_PT).parts;
    expect([first?.keyPt, second?.keyPt]).toEqual([null, expect.any(Number)]);
    const numbered = planPaper(like(30, 7), SHEET_PT, { leastEm: 3, mostEm: 3 });
    expect(numbered.parts.every(({ keyPt }) => keyPt !== null)).toBe(true);
    expect(planPaper(like(3, 7), SHEET_PT, { leastEm: 3, mostEm: 3 }).parts[0]?.keyPt).toBeNull();
  });

  it('leaves no part wider than the sheet, and no column out', () => {
    for (const count of [1, 7, 12, 30, 101]) {
      const { parts } = planPaper(like(count, 27, 60), SHEET_PT);
      for (const { keyPt, widthsPt } of parts)
        expect((keyPt ?? 0) + widthsPt.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(SHEET_PT + 0.001);
      expect(parts.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(count);
    }
  });
});

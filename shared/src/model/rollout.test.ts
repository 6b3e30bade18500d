import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAnswers, comparisonOf, isChosen } from './rollout.ts';

const ids = Array.from({ length: 10_000 }, (_, at) => JSON.stringify([String(at)]));
const chosen = (model: string, percent: number, of: readonly string[] = ids) =>
  of.filter((id) => isChosen(model, id, percent));

describe('what a rollout is given', () => {
  it.each([1, 10, 30, 50, 90])('is %i percent of 10,000 entities, within 2', (percent) => {
    for (const model of ['risk', 'credit_score', 'r'])
      expect(Math.abs(chosen(model, percent).length / 100 - percent)).toBeLessThan(2);
  });

  it('is everything at 100 percent', () => {
    expect(chosen('risk', 100)).toHaveLength(ids.length);
  });

  it('R1 R2 is the same each time, and more of it as the percentage grows', () => {
    const percent = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.string(), { maxLength: 50 }), percent, percent, (model, of, a, b) => {
        const [less, more] = [chosen(model, Math.min(a, b), of), chosen(model, Math.max(a, b), of)];
        expect(chosen(model, Math.min(a, b), of)).toEqual(less);
        expect(less.filter((id) => !more.includes(id))).toEqual([]);
      }),
    );
  });

  it('is another part for another model', () => {
    const [one, other] = [chosen('risk', 10), new Set(chosen('fraud', 10))];
    const both = one.filter((id) => other.has(id)).length;
    expect(both).toBeGreaterThan(50);
    expect(both).toBeLessThan(200);
  });
});

describe('answers of two versions', () => {
  it('agree in what they predict and decide, or do not', () => {
    const found = compareAnswers([
      [
        { prediction: true, decision: 'deny' },
        { prediction: true, decision: 'review' },
      ],
      [
        { prediction: true, decision: 'deny' },
        { prediction: false, decision: 'deny' },
      ],
      [{ prediction: 'a' }, { prediction: 'a' }],
    ]);
    expect(found).toEqual({ compared: 3, agreed: 2, difference: 0, decided: 2, decidedOtherwise: 1 });
  });

  it('of numbers are so far apart in the mean', () => {
    const counts = { asked: 0, answered: 0, errors: 0, dropped: 0, compared: 0, agreed: 0, difference: 0 };
    const none = { ...counts, decided: 0, decidedOtherwise: 0 };
    const found = {
      ...none,
      ...compareAnswers([
        [{ prediction: 5 }, { prediction: 8 }],
        [{ prediction: 2 }, { prediction: 1 }],
      ]),
    };
    expect(comparisonOf('regression', found)).toEqual({ agreement: null, meanDifference: 2 });
    expect(comparisonOf('classification', found)).toEqual({ agreement: 0, meanDifference: null });
    expect(comparisonOf('regression', none)).toEqual({ agreement: null, meanDifference: null });
  });
});

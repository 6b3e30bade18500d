import { log } from './exact.ts';

export interface ClassMetrics {
  readonly accuracy: number;
  /** Of the positive class of two; the plain mean over more. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Area under the ROC curve; over more than two classes the mean of one against the rest. Null with one class only. */
  readonly auc: number | null;
  readonly logloss: number;
  readonly brier: number;
}

/** Actual classes down, predicted across. */
export type Confusion = readonly (readonly number[])[];

export function confusionOf(actual: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  const table = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < actual.length; i += 1) {
    const row = table[actual[i] ?? 0];
    const at = predicted[i] ?? 0;
    if (row !== undefined) row[at] = (row[at] ?? 0) + 1;
  }
  return table;
}

/** `likely` holds one array of probabilities for each class. */
export function classMetrics(actual: ArrayLike<number>, likely: readonly Float64Array[]): ClassMetrics {
  const classes = likely.length;
  const predicted = mostLikely(likely);
  const table = confusionOf(actual, predicted, classes);
  const scored = (classes === 2 ? [1] : [...table.keys()]).map((label) => ofClass(table, label));
  const mean = (of: (each: ReturnType<typeof ofClass>) => number) =>
    scored.reduce((sum, each) => sum + of(each), 0) / scored.length;
  const right = table.reduce((sum, row, at) => sum + (row[at] ?? 0), 0);
  return {
    accuracy: right / actual.length,
    precision: mean((each) => each.precision),
    recall: mean((each) => each.recall),
    f1: mean((each) => each.f1),
    auc: classes === 2 ? areaOf(actual, 1, likely) : meanArea(actual, likely),
    ...losses(actual, likely),
  };
}

export function mostLikely(likely: readonly Float64Array[]): Int32Array {
  return Int32Array.from(likely[0] ?? [], (_, row) => {
    let best = 0;
    for (let k = 1; k < likely.length; k += 1) if ((likely[k]?.[row] ?? 0) > (likely[best]?.[row] ?? 0)) best = k;
    return best;
  });
}

function ofClass(table: Confusion, label: number): { precision: number; recall: number; f1: number } {
  const hits = table[label]?.[label] ?? 0;
  const said = table.reduce((sum, row) => sum + (row[label] ?? 0), 0);
  const there = (table[label] ?? []).reduce((sum, count) => sum + count, 0);
  const precision = said === 0 ? 0 : hits / said;
  const recall = there === 0 ? 0 : hits / there;
  return { precision, recall, f1: hits === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function losses(actual: ArrayLike<number>, likely: readonly Float64Array[]): { logloss: number; brier: number } {
  let [logloss, brier] = [0, 0];
  for (let i = 0; i < actual.length; i += 1) {
    logloss -= log(Math.max(likely[actual[i] ?? 0]?.[i] ?? 0, 1e-15));
    if (likely.length === 2) brier += ((actual[i] ?? 0) - (likely[1]?.[i] ?? 0)) ** 2;
    else for (const [k, shares] of likely.entries()) brier += ((actual[i] === k ? 1 : 0) - (shares[i] ?? 0)) ** 2;
  }
  return { logloss: logloss / actual.length, brier: brier / actual.length };
}

function meanArea(actual: ArrayLike<number>, likely: readonly Float64Array[]): number | null {
  const areas = likely.flatMap((_, label) => areaOf(actual, label, likely) ?? []);
  return areas.length === 0 ? null : areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

function areaOf(actual: ArrayLike<number>, label: number, likely: readonly Float64Array[]): number | null {
  const isLabel = Array.from(actual, (value) => value === label);
  return aucOf(isLabel, likely[label] ?? new Float64Array());
}

/** By ranks: equal scores share theirs. Null when one side is empty. */
export function aucOf(positive: readonly boolean[], scores: Float64Array): number | null {
  const order = Int32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let [ranks, count, start] = [0, 0, 0];
  while (start < order.length) {
    let end = start;
    while (end < order.length && scores[order[end] ?? 0] === scores[order[start] ?? 0]) end += 1;
    const rank = (start + 1 + end) / 2;
    for (const row of order.subarray(start, end)) {
      if (positive[row] !== true) continue;
      ranks += rank;
      count += 1;
    }
    start = end;
  }
  const others = order.length - count;
  return count === 0 || others === 0 ? null : (ranks - (count * (count + 1)) / 2) / (count * others);
}

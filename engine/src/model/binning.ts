import type { Columns, Feature } from './feature.ts';

/** How a feature's values become bytes: 0 is missing, then codes of categories or the intervals between cuts. */
export interface Bins {
  readonly category: boolean;
  /** A value's bin is 1 + the number of cuts that are not above it. */
  readonly cuts: Float64Array;
  readonly count: number;
}

const SAMPLE = 50_000;

export function binsOf(features: readonly Feature[], columns: Columns, most: number): Bins[] {
  return features.map((feature, at) => {
    if (feature.kind === 'category')
      return { category: true, cuts: new Float64Array(), count: feature.levels.length + 1 };
    const cuts = cutsOf(columns[at] ?? new Float64Array(), most);
    return { category: false, cuts, count: cuts.length + 2 };
  });
}

/** Between all distinct values when they are few, else at quantiles. */
function cutsOf(values: Float64Array, most: number): Float64Array {
  const step = Math.max(1, Math.floor(values.length / SAMPLE));
  const sorted = values.filter((value, row) => row % step === 0 && !Number.isNaN(value)).sort();
  const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
  if (distinct.length < most)
    return Float64Array.from({ length: Math.max(0, distinct.length - 1) }, (_, at) => between(distinct, at));
  const cuts: number[] = [];
  for (let part = 1; part < most; part += 1) {
    const cut = sorted[Math.floor((part * sorted.length) / most)] ?? 0;
    if (cuts.length === 0 || cut > (cuts.at(-1) ?? 0)) cuts.push(cut);
  }
  return Float64Array.from(cuts);
}

function between(distinct: Float64Array, at: number): number {
  const low = distinct[at] ?? 0;
  const high = distinct[at + 1] ?? 0;
  const middle = low + (high - low) / 2;
  return middle > low ? middle : high;
}

/** Every value's bin, a byte each. */
export function binned(columns: Columns, bins: readonly Bins[]): Uint8Array[] {
  return bins.map(({ category, cuts }, feature) => {
    const values = columns[feature] ?? new Float64Array();
    const bytes = new Uint8Array(values.length);
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row] ?? NaN;
      bytes[row] = Number.isNaN(value) ? 0 : category ? value + 1 : cutsBelow(cuts, value) + 1;
    }
    return bytes;
  });
}

function cutsBelow(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (cuts[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

import { bestCut } from './best-cut.ts';
import type { Bins } from './binning.ts';
import { squared } from './exact.ts';
import type { HistogramShape } from './histogram.ts';

export interface Split {
  readonly feature: number;
  readonly gain: number;
  /** Of numbers: the last bin that goes left. */
  readonly bin: number;
  /** Of categories: the bins that go left. */
  readonly left: readonly number[] | null;
  readonly missingRight: boolean;
}

export interface SplitRules {
  readonly minLeaf: number;
  readonly l2: number;
  /** Added to `l2` where categories are parted: an order made from the target itself promises too much. */
  readonly categoryL2: number;
  /** Of so few categories in a node the order promises little: nothing is added. */
  readonly fewCategories: number;
}

/** Rows that a category's mean is drawn towards none with, when categories are ordered. */
const CATEGORY_SMOOTH = 10;
const TINY = 1e-9;
const MIN_HESSIAN = 1e-6;

/** Finds where a node's rows are parted best. One finder serves one tree. */
export class SplitFinder {
  readonly #shape: HistogramShape;
  readonly #bins: readonly Bins[];
  readonly #rules: SplitRules;
  readonly #left: Float64Array;

  constructor(bins: readonly Bins[], shape: HistogramShape, rules: SplitRules) {
    this.#bins = bins;
    this.#shape = shape;
    this.#rules = rules;
    this.#left = new Float64Array(shape.stride);
  }

  /** `totals` are the sums of the node, as a bin's. */
  best(histogram: Float64Array, totals: Float64Array, features: readonly number[]): Split | null {
    const base = this.score(totals);
    let best: Split | null = null;
    for (const feature of features) {
      const found =
        this.#bins[feature]?.category === true
          ? this.#byCategory(histogram, totals, feature)
          : this.#byNumber(histogram, totals, feature);
      if (found !== null && found.gain - base > Math.max(TINY, best?.gain ?? 0))
        best = { ...found, gain: found.gain - base };
    }
    return best;
  }

  /** How good a leaf of these sums is. */
  score(sums: Float64Array): number {
    const { outputs } = this.#shape;
    const weight = (sums[outputs] ?? 0) + this.#rules.l2;
    if (weight < MIN_HESSIAN) return 0;
    let total = 0;
    for (let output = 0; output < outputs; output += 1) total += squared(sums[output] ?? 0);
    return total / weight;
  }

  #byNumber(histogram: Float64Array, totals: Float64Array, feature: number): Split | null {
    const { stride, offsets } = this.#shape;
    const start = (offsets[feature] ?? 0) * stride;
    const count = this.#bins[feature]?.count ?? 0;
    if (this.#shape.outputs === 1) {
      const cut = bestCut(histogram, start, count, totals, { ...this.#rules, minHessian: MIN_HESSIAN });
      return cut === null ? null : { feature, left: null, ...cut };
    }
    const missing = histogram[start + stride - 1] ?? 0;
    const all = totals[stride - 1] ?? 0;
    let best: Split | null = null;
    const consider = (bin: number, missingRight: boolean) => {
      const gain = this.#gain(totals, this.#rules.l2);
      if (gain > (best?.gain ?? 0)) best = { feature, gain, bin, left: null, missingRight };
    };
    for (const missingRight of missing > 0 ? [false, true] : [false]) {
      this.#left.fill(0);
      if (!missingRight && missing > 0) {
        this.#add(histogram, start);
        consider(0, false);
      }
      for (let bin = 1; bin < count - 1; bin += 1) {
        this.#add(histogram, start + bin * stride);
        const heavierRight = all - (this.#left[stride - 1] ?? 0) > all / 2;
        consider(bin, missing > 0 ? missingRight : heavierRight);
      }
    }
    return best;
  }

  /** Bins in the order of their mean gradient: the best parting in two is one of its beginnings. */
  #byCategory(histogram: Float64Array, totals: Float64Array, feature: number): Split | null {
    const { stride, offsets } = this.#shape;
    const start = (offsets[feature] ?? 0) * stride;
    const order = this.#ordered(histogram, totals, feature, start);
    const isMissing = order.includes(0);
    const few = order.length <= this.#rules.fewCategories;
    const l2 = few ? this.#rules.l2 : this.#rules.l2 + this.#rules.categoryL2;
    this.#left.fill(0);
    let best: { gain: number; at: number; missingRight: boolean } | null = null;
    for (const [at, bin] of order.slice(0, -1).entries()) {
      this.#add(histogram, start + bin * stride);
      const gain = this.#gain(totals, l2);
      if (gain <= (best?.gain ?? 0)) continue;
      const all = totals[stride - 1] ?? 0;
      const heavierRight = all - (this.#left[stride - 1] ?? 0) > all / 2;
      best = { gain, at, missingRight: isMissing ? !order.slice(0, at + 1).includes(0) : heavierRight };
    }
    if (best === null) return null;
    const left = order.slice(0, best.at + 1);
    return { feature, gain: best.gain, bin: 0, left, missingRight: best.missingRight };
  }

  #ordered(histogram: Float64Array, totals: Float64Array, feature: number, start: number): number[] {
    const { stride, outputs } = this.#shape;
    let main = 0;
    for (let output = 1; output < outputs; output += 1)
      if (Math.abs(totals[output] ?? 0) > Math.abs(totals[main] ?? 0)) main = output;
    const present: { bin: number; sum: number; weight: number }[] = [];
    for (let bin = 0; bin < (this.#bins[feature]?.count ?? 0); bin += 1) {
      const at = start + bin * stride;
      if ((histogram[at + stride - 1] ?? 0) === 0) continue;
      present.push({ bin, sum: histogram[at + main] ?? 0, weight: histogram[at + outputs] ?? 0 });
    }
    const smooth = present.length <= this.#rules.fewCategories ? 1 : CATEGORY_SMOOTH;
    return present
      .map(({ bin, sum, weight }) => ({ bin, mean: sum / (weight + smooth) }))
      .sort((a, b) => a.mean - b.mean || a.bin - b.bin)
      .map(({ bin }) => bin);
  }

  #add(histogram: Float64Array, at: number): void {
    const left = this.#left;
    for (let i = 0; i < left.length; i += 1) left[i] = (left[i] ?? 0) + (histogram[at + i] ?? 0);
  }

  /** Of parting off what stands in `#left`; 0 when it may not be parted so. */
  #gain(totals: Float64Array, l2: number): number {
    const { stride, outputs } = this.#shape;
    const { minLeaf } = this.#rules;
    const left = this.#left;
    const count = left[stride - 1] ?? 0;
    if (count < minLeaf || (totals[stride - 1] ?? 0) - count < minLeaf) return 0;
    const weight = (left[outputs] ?? 0) + l2;
    const other = (totals[outputs] ?? 0) - (left[outputs] ?? 0) + l2;
    if (weight < MIN_HESSIAN || other < MIN_HESSIAN) return 0;
    let gain = 0;
    for (let output = 0; output < outputs; output += 1) {
      const value = left[output] ?? 0;
      gain += squared(value) / weight + squared((totals[output] ?? 0) - value) / other;
    }
    return gain;
  }
}

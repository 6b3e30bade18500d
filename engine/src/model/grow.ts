import type { Split, SplitRules } from './best-split.ts';
import { SplitFinder } from './best-split.ts';
import type { Bins } from './binning.ts';
import type { HistogramShape, RowSums } from './histogram.ts';
import { fillHistogram, histogramShape, subtract } from './histogram.ts';
import type { Random } from './random.ts';
import type { Tree } from './tree.ts';
import { TreeBuilder } from './tree.ts';

export interface Growth extends RowSums, SplitRules {
  readonly bins: readonly Bins[];
  readonly depth: number;
  /** What a leaf's value is multiplied with. */
  readonly rate: number;
  /** Features looked at for one split; all when there are no more. */
  readonly tried: number;
  readonly random: Random;
  /** By feature; each split adds its gain. */
  readonly gain: Float64Array;
  /** Told the rows of each leaf and its first value. */
  onLeaf?(rows: Int32Array, value: number): void;
}

/** Grows one tree over `rows`, which it reorders. */
export function growTree(growth: Growth, rows: Int32Array): Tree {
  return new Grower(growth).grow(rows);
}

interface Node {
  readonly rows: Int32Array;
  readonly depth: number;
  /** When the parent knew it. */
  readonly histogram: Float64Array | null;
}

type Inherited = readonly [left: Float64Array | null, right: Float64Array | null];

class Grower {
  readonly #growth: Growth;
  readonly #shape: HistogramShape;
  readonly #finder: SplitFinder;
  readonly #builder = new TreeBuilder();
  readonly #all: readonly number[];
  /** Rows on their way to the right. */
  #right = new Int32Array();
  /** Histograms that are not in use. */
  readonly #spare: Float64Array[] = [];

  constructor(growth: Growth) {
    this.#growth = growth;
    this.#shape = histogramShape(growth.bins, growth.gradients.length);
    this.#finder = new SplitFinder(growth.bins, this.#shape, growth);
    this.#all = growth.bins.map((_, feature) => feature);
  }

  grow(rows: Int32Array): Tree {
    this.#right = new Int32Array(rows.length);
    this.#node({ rows, depth: 0, histogram: null });
    return this.#builder.finish();
  }

  #node({ rows, depth, histogram }: Node): void {
    const { minLeaf, depth: deepest } = this.#growth;
    const totals = this.#totals(rows);
    if (depth >= deepest || rows.length < 2 * minLeaf) return this.#leaf(rows, totals, histogram);
    const features = this.#features();
    const known = histogram ?? this.#histogram(rows, features);
    const split = this.#finder.best(known, totals, features);
    if (split === null) return this.#leaf(rows, totals, known);
    const middle = this.#part(rows, split);
    this.#children(split, rows.subarray(0, middle), rows.subarray(middle), depth + 1, known);
  }

  #children(split: Split, left: Int32Array, right: Int32Array, depth: number, parent: Float64Array): void {
    const { gain } = this.#growth;
    gain[split.feature] = (gain[split.feature] ?? 0) + split.gain;
    const node = this.#write(split, left.length + right.length);
    const [ofLeft, ofRight] = this.#inherited(left, right, depth, parent);
    this.#node({ rows: left, depth, histogram: ofLeft });
    this.#builder.rightOf(node);
    this.#node({ rows: right, depth, histogram: ofRight });
  }

  /** The smaller child is counted, the larger is the parent without it. */
  #inherited(left: Int32Array, right: Int32Array, depth: number, parent: Float64Array): Inherited {
    const { depth: deepest, tried, minLeaf } = this.#growth;
    const larger = Math.max(left.length, right.length);
    if (tried < this.#all.length || depth >= deepest || larger < 2 * minLeaf) {
      this.#spare.push(parent);
      return [null, null];
    }
    const smaller = this.#histogram(left.length <= right.length ? left : right, this.#all);
    subtract(parent, smaller);
    return left.length <= right.length ? [smaller, parent] : [parent, smaller];
  }

  #histogram(rows: Int32Array, features: readonly number[]): Float64Array {
    const size = (this.#shape.offsets.at(-1) ?? 0) * this.#shape.stride;
    const histogram = this.#spare.pop() ?? new Float64Array(size);
    fillHistogram(histogram, this.#shape, this.#growth, rows, features);
    return histogram;
  }

  #features(): readonly number[] {
    const { tried, random } = this.#growth;
    if (tried >= this.#all.length) return this.#all;
    const chosen = new Set<number>();
    while (chosen.size < tried) chosen.add(Math.floor(random() * this.#all.length));
    return [...chosen];
  }

  #totals(rows: Int32Array): Float64Array {
    const { gradients, hessians } = this.#growth;
    const totals = new Float64Array(this.#shape.stride);
    for (const [output, values] of [...gradients, hessians].entries()) {
      let sum = 0;
      for (let i = 0; i < rows.length; i += 1) sum += values[rows[i] ?? 0] ?? 0;
      totals[output] = sum;
    }
    totals[this.#shape.stride - 1] = rows.length;
    return totals;
  }

  #leaf(rows: Int32Array, totals: Float64Array, histogram: Float64Array | null): void {
    const { l2, rate, gradients } = this.#growth;
    const weight = (totals[gradients.length] ?? 0) + l2;
    const value = (output: number) => (weight <= 0 ? 0 : (-(totals[output] ?? 0) / weight) * rate);
    const values = gradients.map((_, output) => value(output));
    this.#builder.leaf(values, rows.length);
    this.#growth.onLeaf?.(rows, values[0] ?? 0);
    if (histogram !== null) this.#spare.push(histogram);
  }

  #write(split: Split, rows: number): number {
    const { bins } = this.#growth;
    if (split.left !== null) {
      const codes = split.left.filter((bin) => bin > 0).map((bin) => bin - 1);
      return this.#builder.splitByCategory(split.feature, codes, split.missingRight, rows);
    }
    const cut = split.bin === 0 ? -Infinity : (bins[split.feature]?.cuts[split.bin - 1] ?? 0);
    return this.#builder.split(split.feature, cut, split.missingRight, rows);
  }

  /** Brings the rows that go left to the front, keeping both orders; answers how many. */
  #part(rows: Int32Array, split: Split): number {
    const bytes = this.#growth.bytes[split.feature] ?? new Uint8Array();
    const goesLeft = new Uint8Array(256);
    for (let bin = 1; bin < 256; bin += 1) goesLeft[bin] = bin <= split.bin ? 1 : 0;
    for (const bin of split.left ?? []) goesLeft[bin] = 1;
    goesLeft[0] = split.missingRight ? 0 : 1;
    const right = this.#right;
    let [middle, after] = [0, 0];
    // Without a branch: which way a row goes is not guessed.
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i] ?? 0;
      const left = goesLeft[bytes[row] ?? 0] ?? 0;
      rows[middle] = row;
      right[after] = row;
      middle += left;
      after += 1 - left;
    }
    rows.set(right.subarray(0, after), middle);
    return middle;
  }
}

import type { Ensemble, Fitted, TreeData } from './ensemble.ts';
import { logistic, softmax } from './ensemble.ts';
import { log, squared } from './exact.ts';
import type { Progress } from './forest.ts';
import { growTree } from './grow.ts';
import type { Random } from './random.ts';
import { shuffle } from './random.ts';
import type { Tree } from './tree.ts';
import { leafOf } from './tree.ts';

export interface BoostingParams {
  readonly trees: number;
  readonly depth: number;
  readonly minLeaf: number;
  readonly rate: number;
  readonly l2: number;
  /** Share of the features tried for a split; null is all. */
  readonly columns: number | null;
  /** Share of the rows each round learns from. */
  readonly rows: number;
  /** Rounds without a better loss on rows held back; 0 never stops. */
  readonly earlyStopping: number;
}

/** From so many rows on a tenth is held back to tell when more trees stop helping. */
const ENOUGH_TO_HOLD_BACK = 200;
const CATEGORIES = { categoryL2: 10, fewCategories: 4 };

/** Each round grows a tree, or one for each class, along the gradient of the loss. */
export function fitBoosting(data: TreeData, params: BoostingParams, random: Random, onProgress: Progress): Fitted {
  const boosting = new Boosting(data, params, random);
  const curve: { trees: number; train: number; validation: number | null }[] = [];
  let best = { rounds: 0, loss: Infinity };
  for (let round = 1; round <= params.trees; round += 1) {
    boosting.round();
    const validation = boosting.validation.length === 0 ? null : boosting.loss(boosting.validation);
    curve.push({ trees: round, train: boosting.loss(boosting.learning), validation });
    if (validation === null || validation < best.loss - 1e-9) best = { rounds: round, loss: validation ?? 0 };
    onProgress(round / params.trees, curve);
    if (validation !== null && round - best.rounds >= params.earlyStopping) break;
  }
  if (boosting.validation.length === 0) return { model: boosting.model(best.rounds), gain: boosting.gain, curve };
  // How many trees help is known now: as many again, from the rows that were held back too.
  const whole = new Boosting(data, { ...params, earlyStopping: 0 }, random);
  for (let round = 0; round < best.rounds; round += 1) whole.round();
  return { model: whole.model(best.rounds), gain: whole.gain, curve };
}

class Boosting {
  readonly learning: Int32Array;
  readonly validation: Int32Array;
  readonly gain: Float64Array;
  readonly #data: TreeData;
  readonly #params: BoostingParams;
  readonly #random: Random;
  readonly #outputs: number;
  readonly #base: number[];
  readonly #scores: Float64Array[];
  readonly #gradients: Float64Array;
  readonly #hessians: Float64Array;
  readonly #trees: Tree[] = [];

  constructor(data: TreeData, params: BoostingParams, random: Random) {
    this.#data = data;
    this.#params = params;
    this.#random = random;
    this.#outputs = data.classes > 2 ? data.classes : 1;
    const held = params.earlyStopping > 0 && data.rows.length >= ENOUGH_TO_HOLD_BACK;
    const shuffled = held ? shuffle(data.rows.slice(), random) : data.rows;
    const count = held ? Math.floor(data.rows.length / 10) : 0;
    this.validation = shuffled.slice(0, count);
    this.learning = shuffled.slice(count).sort();
    this.gain = new Float64Array(data.bins.length);
    this.#base = this.#bases();
    this.#scores = this.#base.map((base) => new Float64Array(data.target.length).fill(base));
    this.#gradients = new Float64Array(data.target.length);
    this.#hessians = new Float64Array(data.target.length);
  }

  round(): void {
    const rows = this.#rowsOfRound();
    const shares = this.#outputs > 1 ? this.#shares() : [];
    for (let output = 0; output < this.#outputs; output += 1) {
      this.#follow(output, shares);
      const scores = this.#scores[output] ?? new Float64Array();
      const isAll = rows.length === this.learning.length;
      const add = (those: Int32Array, value: number) => {
        for (const row of those) scores[row] = (scores[row] ?? 0) + value;
      };
      const tree = this.#grow(rows.slice(), isAll ? add : () => {});
      this.#trees.push(tree);
      // Rows of the round were told their leaf while the tree grew.
      for (const row of isAll ? this.validation : this.#data.rows)
        scores[row] = (scores[row] ?? 0) + (tree.values[leafOf(tree, this.#data.columns, row)] ?? 0);
    }
  }

  /** Weighted mean of log loss, or of squares. */
  loss(rows: Int32Array): number {
    const { target, weights, classes } = this.#data;
    const own = new Float64Array(this.#outputs);
    let [sum, weight] = [0, 0];
    for (const row of rows) {
      const share = weights[row] ?? 1;
      const value = target[row] ?? 0;
      for (let k = 0; k < own.length; k += 1) own[k] = this.#scores[k]?.[row] ?? 0;
      const score = own[0] ?? 0;
      if (classes === 0) sum += share * squared(value - score);
      else {
        const likely = classes === 2 ? logistic(value === 1 ? score : -score) : (softmax(own)[value] ?? 0);
        sum -= share * log(Math.max(likely, 1e-15));
      }
      weight += share;
    }
    return weight === 0 ? 0 : sum / weight;
  }

  model(rounds: number): Ensemble {
    const { classes } = this.#data;
    const link = classes === 0 ? 'identity' : classes === 2 ? 'logistic' : 'softmax';
    const trees = this.#trees.slice(0, rounds * this.#outputs);
    return { kind: 'trees', link, base: this.#base, scale: 1, trees, wide: false };
  }

  #bases(): number[] {
    const { rows, target, weights, classes } = this.#data;
    const sums = new Float64Array(Math.max(1, classes));
    let total = 0;
    for (const row of rows) {
      const weight = weights[row] ?? 1;
      const value = target[row] ?? 0;
      if (classes === 0) sums[0] = (sums[0] ?? 0) + weight * value;
      else sums[value] = (sums[value] ?? 0) + weight;
      total += weight;
    }
    const share = (k: number) => Math.min(1 - 1e-6, Math.max(1e-6, (sums[k] ?? 0) / total));
    if (classes === 0) return [(sums[0] ?? 0) / total];
    if (classes === 2) return [log(share(1) / (1 - share(1)))];
    return Array.from(sums, (_, k) => log(share(k)));
  }

  #rowsOfRound(): Int32Array {
    const { rows } = this.#params;
    if (rows >= 1) return this.learning;
    const chosen = this.learning.filter(() => this.#random() < rows);
    return chosen.length === 0 ? this.learning : chosen;
  }

  /** Probabilities of every class for every row, before the round. */
  #shares(): Float64Array[] {
    const shares = this.#scores.map((scores) => new Float64Array(scores.length));
    const own = new Float64Array(this.#outputs);
    for (const row of this.#data.rows) {
      for (let k = 0; k < own.length; k += 1) own[k] = this.#scores[k]?.[row] ?? 0;
      softmax(own);
      for (const [k, values] of shares.entries()) values[row] = own[k] ?? 0;
    }
    return shares;
  }

  #follow(output: number, shares: readonly Float64Array[]): void {
    const { target, weights, classes, rows } = this.#data;
    const scores = this.#scores[output] ?? new Float64Array();
    for (const row of rows) {
      const weight = weights[row] ?? 1;
      const value = target[row] ?? 0;
      const likely = classes === 2 ? logistic(scores[row] ?? 0) : (shares[output]?.[row] ?? 0);
      const wanted = classes === 2 ? value : value === output ? 1 : 0;
      const error = classes === 0 ? (scores[row] ?? 0) - value : likely - wanted;
      this.#gradients[row] = weight * error;
      this.#hessians[row] = weight * (classes === 0 ? 1 : Math.max(likely * (1 - likely), 1e-9));
    }
  }

  #grow(rows: Int32Array, onLeaf: (rows: Int32Array, value: number) => void): Tree {
    const { bins, bytes } = this.#data;
    const { depth, minLeaf, l2, rate, columns } = this.#params;
    const tried = columns === null ? bins.length : Math.max(1, Math.round(columns * bins.length));
    const sums = { bins, bytes, gradients: [this.#gradients], hessians: this.#hessians };
    const rules = { depth, minLeaf, l2, ...CATEGORIES, rate, tried };
    return growTree({ ...sums, ...rules, random: this.#random, gain: this.gain, onLeaf }, rows);
  }
}

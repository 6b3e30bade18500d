import type { Bins } from './binning.ts';
import { exp } from './exact.ts';
import type { Columns } from './feature.ts';
import type { Tree } from './tree.ts';

/** Trees whose leaves are added up: forests divide by their number, boosted ones begin at a base. */
export interface Ensemble {
  readonly kind: 'trees';
  /** How the sums become an answer. */
  readonly link: 'identity' | 'logistic' | 'softmax' | 'shares';
  /** Where each output begins; its length is the number of outputs. */
  readonly base: readonly number[];
  readonly scale: number;
  /** A tree with one value a leaf belongs to output `index % outputs`; else its leaves hold every output. */
  readonly trees: readonly Tree[];
  readonly wide: boolean;
}

/** What trees learn from: encoded rows and what is known of them. */
export interface TreeData {
  readonly columns: Columns;
  readonly bins: readonly Bins[];
  readonly bytes: readonly Uint8Array[];
  /** Rows to learn from. */
  readonly rows: Int32Array;
  /** Class index, or the number. */
  readonly target: Float64Array;
  /** Of each row of the table. */
  readonly weights: Float64Array;
  /** 0 for numbers. */
  readonly classes: number;
}

export interface Fitted {
  readonly model: Ensemble;
  /** By feature. */
  readonly gain: Float64Array;
  /** Loss after each tree, on rows that were learned from and on those held back. */
  readonly curve: readonly { readonly trees: number; readonly train: number; readonly validation: number | null }[];
}

export function logistic(score: number): number {
  return 1 / (1 + exp(-score));
}

/** In place. */
export function softmax(scores: Float64Array): Float64Array {
  let highest = -Infinity;
  for (const score of scores) if (score > highest) highest = score;
  let sum = 0;
  for (let k = 0; k < scores.length; k += 1) {
    const part = exp((scores[k] ?? 0) - highest);
    scores[k] = part;
    sum += part;
  }
  for (let k = 0; k < scores.length; k += 1) scores[k] = (scores[k] ?? 0) / sum;
  return scores;
}

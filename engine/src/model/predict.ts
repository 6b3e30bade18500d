import { logistic, softmax } from './ensemble.ts';
import type { Ensemble } from './ensemble.ts';
import type { Columns } from './feature.ts';
import type { Clusters } from './kmeans.ts';
import type { Linear } from './linear.ts';
import { linearScores } from './linear.ts';
import { packed } from './packed-trees.ts';

export type Learned = Ensemble | Linear;
export type Body = Learned | Clusters;

/** Probabilities of every class, one array each. */
export function likelihoods(
  model: Learned,
  columns: Columns,
  rows: ArrayLike<number>,
  classes: number,
): Float64Array[] {
  const likely = Array.from({ length: classes }, () => new Float64Array(rows.length));
  const scores = scorerOf(model);
  const own = new Float64Array(outputsOf(model));
  const shares = new Float64Array(classes);
  for (let i = 0; i < rows.length; i += 1) {
    scores(columns, rows[i] ?? 0, own);
    asShares(model, own, shares);
    for (let k = 0; k < classes; k += 1) (likely[k] ?? own)[i] = shares[k] ?? 0;
  }
  return likely;
}

export function numbers(model: Learned, columns: Columns, rows: ArrayLike<number>): Float64Array {
  const own = new Float64Array(1);
  const scores = scorerOf(model);
  const found = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    scores(columns, rows[i] ?? 0, own);
    found[i] = own[0] ?? 0;
  }
  return found;
}

function outputsOf(model: Learned): number {
  return model.kind === 'trees' ? model.base.length : model.weights.length;
}

type Scores = (columns: Columns, row: number, into: Float64Array) => void;

function scorerOf(model: Learned): Scores {
  if (model.kind === 'linear') return (columns, row, into) => linearScores(model, columns, row, into);
  const trees = packed(model);
  return (columns, row, into) => trees.score(columns, row, into);
}

function asShares(model: Learned, scores: Float64Array, into: Float64Array): void {
  if (scores.length === 1) {
    const score = scores[0] ?? 0;
    const positive = model.link === 'logistic' ? logistic(score) : Math.min(1, Math.max(0, score));
    into[0] = 1 - positive;
    into[1] = positive;
    return;
  }
  if (model.link === 'softmax') into.set(softmax(scores));
  else into.set(evened(model.kind === 'linear' ? scores.map(logistic) : scores));
}

/** Made to add up to 1. */
function evened(shares: Float64Array): Float64Array {
  let sum = 0;
  for (const share of shares) sum += Math.max(0, share);
  return sum === 0 ? shares.map(() => 1 / shares.length) : shares.map((share) => Math.max(0, share) / sum);
}

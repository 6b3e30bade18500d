import type { Term } from './design.ts';
import { designOf, designRow, weightedSum } from './design.ts';
import { logistic } from './ensemble.ts';
import type { Columns, Feature } from './feature.ts';
import type { Progress } from './forest.ts';
import { NormalEquations } from './solve.ts';

export interface Linear {
  readonly kind: 'linear';
  /** `shares`: one against the rest for each class, made to add up to 1. */
  readonly link: 'identity' | 'logistic' | 'shares';
  readonly terms: readonly Term[];
  /** One list of coefficients for each output, the intercept last. */
  readonly weights: readonly (readonly number[])[];
}

export interface LinearData {
  readonly features: readonly Feature[];
  readonly columns: Columns;
  readonly rows: Int32Array;
  readonly target: Float64Array;
  readonly weights: Float64Array;
  readonly classes: number;
}

/** Ridge by the normal equations. */
export function fitLinear(data: LinearData, l2: number, onProgress: Progress): Linear {
  const terms = designOf(data.features, data.columns, data.rows);
  const equations = new NormalEquations(terms.length + 1);
  const row = new Float64Array(terms.length + 1);
  for (const at of data.rows) {
    const weight = data.weights[at] ?? 1;
    equations.add(designRow(terms, data.columns, at, row), weight, weight * (data.target[at] ?? 0));
  }
  equations.ridge(l2, []);
  onProgress(1);
  return { kind: 'linear', link: 'identity', terms, weights: [equations.solve()] };
}

/** Newton's steps on the penalized log loss; more than two classes are learned one against the rest. */
export function fitLogistic(
  data: LinearData,
  params: { readonly l2: number; readonly steps: number },
  onProgress: Progress,
): Linear {
  const terms = designOf(data.features, data.columns, data.rows);
  const wanted = data.classes === 2 ? [1] : Array.from({ length: data.classes }, (_, index) => index);
  const weights = wanted.map((label, at) => {
    const found = newton(data, terms, label, params);
    onProgress((at + 1) / wanted.length);
    return found;
  });
  return { kind: 'linear', link: data.classes === 2 ? 'logistic' : 'shares', terms, weights };
}

function newton(
  data: LinearData,
  terms: readonly Term[],
  label: number,
  { l2, steps }: { readonly l2: number; readonly steps: number },
): number[] {
  const size = terms.length + 1;
  const row = new Float64Array(size);
  const found = new Array<number>(size).fill(0);
  for (let step = 0; step < steps; step += 1) {
    const equations = new NormalEquations(size);
    for (const at of data.rows) {
      designRow(terms, data.columns, at, row);
      const likely = logistic(weightedSum(found, row));
      const weight = data.weights[at] ?? 1;
      const error = (data.target[at] === label ? 1 : 0) - likely;
      equations.add(row, weight * Math.max(likely * (1 - likely), 1e-6), weight * error);
    }
    equations.ridge(l2, found);
    const change = equations.solve();
    const longest = change.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const damping = longest > 5 ? 5 / longest : 1;
    for (const [at, value] of change.entries()) found[at] = (found[at] ?? 0) + damping * value;
    if (longest < 1e-8) break;
  }
  return found;
}

export function linearScores(model: Linear, columns: Columns, at: number, into: Float64Array): void {
  const row = designRow(model.terms, columns, at, new Float64Array(model.terms.length + 1));
  for (const [output, weights] of model.weights.entries()) into[output] = weightedSum(weights, row);
}

import type { Term } from './design.ts';
import { designOf, designRow, weightedSum } from './design.ts';
import { logistic, softmax } from './ensemble.ts';
import { log, squared } from './exact.ts';
import type { Columns, Feature } from './feature.ts';
import type { Progress } from './forest.ts';
import type { Loss } from './lbfgs.ts';
import { minimize } from './lbfgs.ts';
import { NormalEquations } from './solve.ts';

export interface Linear {
  readonly kind: 'linear';
  /** `shares`, in older files: one against the rest for each class, made to add up to 1. */
  readonly link: 'identity' | 'logistic' | 'softmax' | 'shares';
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

/** Newton's steps on the penalized log loss of two classes; of more, L-BFGS on that of all of them together. */
export function fitLogistic(data: LinearData, params: LogisticParams, onProgress: Progress): Linear {
  const terms = designOf(data.features, data.columns, data.rows);
  const isTwo = data.classes === 2;
  const weights = isTwo ? [newton(data, terms, 1, params)] : multinomial(data, terms, params);
  onProgress(1);
  return { kind: 'linear', link: isTwo ? 'logistic' : 'softmax', terms, weights };
}

interface LogisticParams {
  readonly l2: number;
  readonly steps: number;
}

/** A step of L-BFGS knows less than one of Newton's. */
const STEPS_FOR_ONE = 20;

function multinomial(data: LinearData, terms: readonly Term[], { l2, steps }: LogisticParams): number[][] {
  const { rows, columns, target, weights, classes } = data;
  const size = terms.length + 1;
  const row = new Float64Array(size);
  const likely = new Float64Array(classes);
  const loss: Loss = (point, gradient) => {
    let sum = ridgeLoss(point, gradient, size, l2);
    for (const at of rows) {
      designRow(terms, columns, at, row);
      for (let k = 0; k < classes; k += 1) likely[k] = weightedSum(point.subarray(k * size, (k + 1) * size), row);
      softmax(likely);
      const label = target[at] ?? 0;
      const weight = weights[at] ?? 1;
      sum -= weight * log(Math.max(likely[label] ?? 0, 1e-300));
      for (let k = 0; k < classes; k += 1) {
        const pull = weight * ((likely[k] ?? 0) - (k === label ? 1 : 0));
        for (let term = 0; term < size; term += 1)
          gradient[k * size + term] = (gradient[k * size + term] ?? 0) + pull * (row[term] ?? 0);
      }
    }
    return sum;
  };
  const found = minimize(loss, classes * size, steps * STEPS_FOR_ONE);
  return Array.from({ length: classes }, (_, k) => [...found.subarray(k * size, (k + 1) * size)]);
}

/** Of every coefficient but the intercepts; begins the gradient. */
function ridgeLoss(point: Float64Array, gradient: Float64Array, size: number, l2: number): number {
  let sum = 0;
  for (const [at, value] of point.entries()) {
    const own = at % size === size - 1 ? 0 : l2;
    gradient[at] = own * value;
    sum += (own * squared(value)) / 2;
  }
  return sum;
}

function newton(data: LinearData, terms: readonly Term[], label: number, { l2, steps }: LogisticParams): number[] {
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

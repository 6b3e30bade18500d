import type { Columns, Feature } from './feature.ts';

/** A column of the matrix that linear learners see. */
export type Term =
  | { readonly kind: 'number'; readonly feature: number; readonly mean: number; readonly scale: number }
  | { readonly kind: 'level'; readonly feature: number; readonly code: number }
  | { readonly kind: 'missing'; readonly feature: number };

/** Categories beyond this are left to the intercept: a matrix of thousands of columns learns nothing. */
const MOST_LEVELS = 60;

/** Numbers are standardized over `rows`; missing ones are the mean, and said so in a column of their own. */
export function designOf(features: readonly Feature[], columns: Columns, rows: Int32Array): Term[] {
  return features.flatMap((feature, at): Term[] => {
    const missing: Term[] = feature.nullable ? [{ kind: 'missing', feature: at }] : [];
    if (feature.kind === 'category') {
      const codes = feature.levels.slice(0, MOST_LEVELS).map((_, code) => code);
      return [...codes.map((code): Term => ({ kind: 'level', feature: at, code })), ...missing];
    }
    const { mean, deviation } = spread(columns[at] ?? new Float64Array(), rows);
    return deviation === 0 ? missing : [{ kind: 'number', feature: at, mean, scale: 1 / deviation }, ...missing];
  });
}

function spread(values: Float64Array, rows: Int32Array): { mean: number; deviation: number } {
  let [count, mean, squares] = [0, 0, 0];
  for (const row of rows) {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value)) continue;
    count += 1;
    const before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
  }
  return { mean, deviation: count < 2 ? 0 : Math.sqrt(squares / count) };
}

/** One row of the matrix, the intercept last. */
export function designRow(terms: readonly Term[], columns: Columns, row: number, into: Float64Array): Float64Array {
  for (let at = 0; at < terms.length; at += 1) {
    const term = terms[at];
    const value = term === undefined ? NaN : (columns[term.feature]?.[row] ?? NaN);
    into[at] = term === undefined ? 0 : termValue(term, value);
  }
  into[terms.length] = 1;
  return into;
}

export function termValue(term: Term, value: number): number {
  if (term.kind === 'missing') return Number.isNaN(value) ? 1 : 0;
  if (term.kind === 'level') return value === term.code ? 1 : 0;
  return Number.isNaN(value) ? 0 : (value - term.mean) * term.scale;
}

export function weightedSum(weights: ArrayLike<number>, row: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < row.length; at += 1) sum += (weights[at] ?? 0) * (row[at] ?? 0);
  return sum;
}

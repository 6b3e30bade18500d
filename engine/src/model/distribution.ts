/** How the values of a column lie, small enough to be kept with a model. */
import type { Distribution } from '@datacraft/shared';
import type { Columns, Feature } from './feature.ts';

/** Cuts of a column of numbers: as many values of the training rows lie between any two, where they differ. */
const BINS = 50;

/** Of a feature over the rows that were learned from. */
export function distributionOf(feature: Feature, column: Float64Array, rows: ArrayLike<number>): Distribution {
  const cuts = cutsOf(feature, column, rows);
  const kind = feature.kind === 'number' || feature.kind === 'time' ? 'number' : 'category';
  const labels = feature.kind === 'boolean' ? ['false', 'true'] : feature.levels;
  return { name: feature.name, kind, cuts, labels, ...countsOf(cuts, labels.length, column, rows) };
}

/** Of all features, in their order. */
export function layOf(features: readonly Feature[], columns: Columns, rows: ArrayLike<number>): Distribution[] {
  return features.map((feature, at) => distributionOf(feature, columns[at] ?? new Float64Array(), rows));
}

/** Of scores: a number has no feature of its own. */
export function scoreDistribution(scores: Float64Array): Distribution {
  const cuts = quantiles(scores);
  return { name: '', kind: 'number', cuts, labels: [], ...countsOf(cuts, 0, scores, null) };
}

/** Counts of other rows, by the cuts and labels of a distribution. */
export function countedAs(known: Distribution, column: Float64Array): Pick<Distribution, 'counts' | 'missing'> {
  return countsOf(known.cuts, known.labels.length, column, null);
}

function cutsOf({ kind }: Feature, column: Float64Array, rows: ArrayLike<number>): number[] {
  if (kind !== 'number' && kind !== 'time') return [];
  return quantiles(Float64Array.from({ length: rows.length }, (_, at) => column[rows[at] ?? 0] ?? NaN));
}

function quantiles(values: Float64Array): number[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return [];
  const cuts = Array.from({ length: BINS - 1 }, (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / BINS)] ?? 0);
  return [...new Set(cuts)];
}

/**
 * A value that is a cut lies above it. `labels` is 0 for numbers, whose bins are one more than the cuts. `rows` of the
 * column, or all of them.
 */
function countsOf(cuts: readonly number[], labels: number, column: Float64Array, rows: ArrayLike<number> | null) {
  const bounds = Float64Array.from(cuts);
  const counts = new Float64Array(labels > 0 ? labels : cuts.length + 1);
  const length = rows?.length ?? column.length;
  let missing = 0;
  for (let at = 0; at < length; at += 1) {
    const value = column[rows === null ? at : (rows[at] ?? 0)] ?? NaN;
    if (Number.isNaN(value)) missing += 1;
    else {
      const bin = labels > 0 ? value : above(bounds, value);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
  return { counts: [...counts], missing };
}

/** How many cuts are not above the value. */
function above(cuts: Float64Array, value: number): number {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

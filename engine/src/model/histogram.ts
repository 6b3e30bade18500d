import type { Bins } from './binning.ts';

/** What the rows of a node add up to, for every bin of every feature: gradients of each output, hessian, count. */
export interface HistogramShape {
  readonly outputs: number;
  /** Numbers a bin takes. */
  readonly stride: number;
  /** Where a feature's bins begin, in bins. */
  readonly offsets: Int32Array;
}

export function histogramShape(bins: readonly Bins[], outputs: number): HistogramShape {
  const offsets = new Int32Array(bins.length + 1);
  for (const [feature, { count }] of bins.entries()) offsets[feature + 1] = (offsets[feature] ?? 0) + count;
  return { outputs, stride: outputs + 2, offsets };
}

export interface RowSums {
  readonly bytes: readonly Uint8Array[];
  /** One array for each output. */
  readonly gradients: readonly Float64Array[];
  readonly hessians: Float64Array;
}

export function fillHistogram(
  into: Float64Array,
  shape: HistogramShape,
  sums: RowSums,
  rows: Int32Array,
  features: readonly number[],
): void {
  into.fill(0);
  if (shape.outputs === 1) return addAlone(into, shape, sums, rows, features);
  for (const feature of features) {
    const bytes = sums.bytes[feature];
    if (bytes !== undefined) addMany(into, shape.offsets[feature] ?? 0, bytes, sums, rows, shape);
  }
}

/** What each row adds is brought side by side first: every feature reads it again. */
function addAlone(
  into: Float64Array,
  { offsets }: HistogramShape,
  { bytes, gradients, hessians }: RowSums,
  rows: Int32Array,
  features: readonly number[],
): void {
  const own = gradients[0] ?? new Float64Array();
  const side = new Float64Array(2 * rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    side[2 * i] = own[rows[i] ?? 0] ?? 0;
    side[2 * i + 1] = hessians[rows[i] ?? 0] ?? 0;
  }
  const of = (at: number) => ({
    offset: offsets[features[at] ?? 0] ?? 0,
    bytes: bytes[features[at] ?? 0] ?? new Uint8Array(),
  });
  let at = 0;
  for (; at + 3 < features.length; at += 4) addFour(into, [of(at), of(at + 1), of(at + 2), of(at + 3)], side, rows);
  for (; at + 1 < features.length; at += 2) addTwo(into, of(at), of(at + 1), side, rows);
  if (at < features.length) addOne(into, of(at), side, rows);
}

interface Added {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

type Four = readonly [Added, Added, Added, Added];

/** Four features in one pass: what a row adds is read once, and one's sums are not awaited for the others'. */
function addFour(into: Float64Array, [one, two, three, four]: Four, side: Float64Array, rows: Int32Array): void {
  const [a, b, c, d] = [one.bytes, two.bytes, three.bytes, four.bytes];
  const [startA, startB, startC, startD] = [one.offset * 3, two.offset * 3, three.offset * 3, four.offset * 3];
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] ?? 0;
    const gradient = side[2 * i] ?? 0;
    const hessian = side[2 * i + 1] ?? 0;
    const atA = startA + (a[row] ?? 0) * 3;
    const atB = startB + (b[row] ?? 0) * 3;
    const atC = startC + (c[row] ?? 0) * 3;
    const atD = startD + (d[row] ?? 0) * 3;
    into[atA] = (into[atA] ?? 0) + gradient;
    into[atB] = (into[atB] ?? 0) + gradient;
    into[atC] = (into[atC] ?? 0) + gradient;
    into[atD] = (into[atD] ?? 0) + gradient;
    into[atA + 1] = (into[atA + 1] ?? 0) + hessian;
    into[atB + 1] = (into[atB + 1] ?? 0) + hessian;
    into[atC + 1] = (into[atC + 1] ?? 0) + hessian;
    into[atD + 1] = (into[atD + 1] ?? 0) + hessian;
    into[atA + 2] = (into[atA + 2] ?? 0) + 1;
    into[atB + 2] = (into[atB + 2] ?? 0) + 1;
    into[atC + 2] = (into[atC + 2] ?? 0) + 1;
    into[atD + 2] = (into[atD + 2] ?? 0) + 1;
  }
}

/** The same of the two that may be left. */
function addTwo(into: Float64Array, one: Added, other: Added, side: Float64Array, rows: Int32Array): void {
  const [a, b] = [one.bytes, other.bytes];
  const [startA, startB] = [one.offset * 3, other.offset * 3];
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] ?? 0;
    const gradient = side[2 * i] ?? 0;
    const hessian = side[2 * i + 1] ?? 0;
    const atA = startA + (a[row] ?? 0) * 3;
    const atB = startB + (b[row] ?? 0) * 3;
    into[atA] = (into[atA] ?? 0) + gradient;
    into[atB] = (into[atB] ?? 0) + gradient;
    into[atA + 1] = (into[atA + 1] ?? 0) + hessian;
    into[atB + 1] = (into[atB + 1] ?? 0) + hessian;
    into[atA + 2] = (into[atA + 2] ?? 0) + 1;
    into[atB + 2] = (into[atB + 2] ?? 0) + 1;
  }
}

function addOne(into: Float64Array, { offset, bytes }: Added, side: Float64Array, rows: Int32Array): void {
  for (let i = 0; i < rows.length; i += 1) {
    const at = (offset + (bytes[rows[i] ?? 0] ?? 0)) * 3;
    into[at] = (into[at] ?? 0) + (side[2 * i] ?? 0);
    into[at + 1] = (into[at + 1] ?? 0) + (side[2 * i + 1] ?? 0);
    into[at + 2] = (into[at + 2] ?? 0) + 1;
  }
}

function addMany(
  into: Float64Array,
  offset: number,
  bytes: Uint8Array,
  { gradients, hessians }: RowSums,
  rows: Int32Array,
  { outputs, stride }: HistogramShape,
): void {
  for (const [output, values] of gradients.entries()) {
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i] ?? 0;
      const at = (offset + (bytes[row] ?? 0)) * stride + output;
      into[at] = (into[at] ?? 0) + (values[row] ?? 0);
    }
  }
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i] ?? 0;
    const at = (offset + (bytes[row] ?? 0)) * stride + outputs;
    into[at] = (into[at] ?? 0) + (hessians[row] ?? 0);
    into[at + 1] = (into[at + 1] ?? 0) + 1;
  }
}

/** The other child's histogram is its parent's without this one's. */
export function subtract(from: Float64Array, other: Float64Array): void {
  for (let i = 0; i < from.length; i += 1) from[i] = (from[i] ?? 0) - (other[i] ?? 0);
}

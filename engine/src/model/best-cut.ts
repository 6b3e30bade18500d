/** What a bin of one output holds: gradient, hessian, count. */
const STRIDE = 3;

interface CutRules {
  readonly minLeaf: number;
  readonly l2: number;
  readonly minHessian: number;
}

export interface Cut {
  readonly gain: number;
  /** The last bin that goes left. */
  readonly bin: number;
  readonly missingRight: boolean;
}

/** The best cut through a number's bins, for one output: what takes most of the time of growing trees. */
export function bestCut(
  histogram: Float64Array,
  start: number,
  bins: number,
  totals: Float64Array,
  { minLeaf, l2, minHessian }: CutRules,
): Cut | null {
  const gradient = totals[0] ?? 0;
  const hessian = totals[1] ?? 0;
  const count = totals[2] ?? 0;
  const missing = histogram[start + 2] ?? 0;
  let [gain, bin, missingRight] = [0, -1, false];
  for (let pass = 0; pass < (missing > 0 ? 2 : 1); pass += 1) {
    let [g, h, c] = [0, 0, 0];
    const withMissing = pass === 0 && missing > 0;
    for (let at = withMissing ? 0 : 1; at < bins - 1; at += 1) {
      const place = start + at * STRIDE;
      g += histogram[place] ?? 0;
      h += histogram[place + 1] ?? 0;
      c += histogram[place + 2] ?? 0;
      if (c < minLeaf) continue;
      if (count - c < minLeaf) break;
      const weight = h + l2;
      const other = hessian - h + l2;
      if (weight < minHessian || other < minHessian) continue;
      const found = (g * g) / weight + ((gradient - g) * (gradient - g)) / other;
      if (found <= gain) continue;
      [gain, bin] = [found, at];
      missingRight = missing > 0 ? !withMissing : count - c > count / 2;
    }
  }
  return bin < 0 ? null : { gain, bin, missingRight };
}

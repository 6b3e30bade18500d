/** Points to be drawn, at most so many. */
const POINTS = 101;

export interface RocPoint {
  readonly threshold: number;
  readonly falsePositives: number;
  readonly truePositives: number;
}

/** Shares of both classes that lie at or above falling thresholds. */
export function rocOf(positive: readonly boolean[], scores: Float64Array): RocPoint[] {
  const order = Int32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const there = positive.filter(Boolean).length;
  const others = positive.length - there;
  if (there === 0 || others === 0) return [];
  const points: RocPoint[] = [{ threshold: 1, falsePositives: 0, truePositives: 0 }];
  let hits = 0;
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] ?? 0;
    if (positive[row] === true) hits += 1;
    const threshold = scores[row] ?? 0;
    if (threshold === scores[order[at + 1] ?? -1]) continue;
    points.push({ threshold, falsePositives: (at + 1 - hits) / others, truePositives: hits / there });
  }
  return thinned(points);
}

function thinned<Point>(points: readonly Point[]): Point[] {
  if (points.length <= POINTS) return [...points];
  const last = points.length - 1;
  return Array.from({ length: POINTS }, (_, at) => points[Math.round((at * last) / (POINTS - 1))]).filter(
    (point) => point !== undefined,
  );
}

export interface CalibrationBin {
  readonly predicted: number;
  readonly actual: number;
  readonly rows: number;
}

/** Tenths of probability: what was said, and what came. */
export function calibrationOf(positive: readonly boolean[], scores: Float64Array): CalibrationBin[] {
  const bins = Array.from({ length: 10 }, () => ({ said: 0, came: 0, rows: 0 }));
  for (const [row, score] of scores.entries()) {
    const bin = bins[Math.min(9, Math.floor(score * 10))];
    if (bin === undefined) continue;
    bin.said += score;
    bin.came += positive[row] === true ? 1 : 0;
    bin.rows += 1;
  }
  return bins.flatMap(({ said, came, rows }) =>
    rows === 0 ? [] : [{ predicted: said / rows, actual: came / rows, rows }],
  );
}

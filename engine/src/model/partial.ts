import type { Distribution, PartialDependence } from '@datacraft/shared';
import type { Columns } from './feature.ts';

/** Asked for each point: more rows make smoother lines, and training longer. */
const MOST_ROWS = 150;
const STEPS = 16;
const MOST_LABELS = 16;
const MOST_FEATURES = 12;

export interface Asked {
  readonly columns: Columns;
  readonly rows: Int32Array;
  /** How the features lay in training, in the order of the columns. */
  readonly lay: readonly Distribution[];
  readonly isTime: (feature: number) => boolean;
  /** What the model says of rows of `columns` on the whole, one mean for each class that is told of, or of numbers one. */
  mean(columns: Columns): number[];
}

/**
 * What a model says on the whole when one feature is set to a value in all rows: over some rows of the hold-out, at even
 * steps between the rarest values of either side, or at the most frequent labels. `features` by their place.
 */
export function partialDependence(features: readonly number[], asked: Asked): PartialDependence[] {
  const step = Math.max(1, Math.ceil(asked.rows.length / MOST_ROWS));
  const rows = asked.rows.filter((_, at) => at % step === 0);
  const own = asked.columns.map((values) => Float64Array.from(rows, (row) => values[row] ?? NaN));
  return features.slice(0, MOST_FEATURES).flatMap((feature) => {
    const lay = asked.lay[feature];
    if (lay === undefined || rows.length === 0) return [];
    const points = (lay.kind === 'number' ? numberPoints(lay) : labelPoints(lay)).map(({ value, ...point }) => ({
      ...point,
      means: asked.mean(own.with(feature, new Float64Array(rows.length).fill(value))),
    }));
    if (points.length < 2) return [];
    return [{ feature: lay.name, kind: asked.isTime(feature) ? 'time' : lay.kind, rows: rows.length, points }];
  });
}

interface Point {
  readonly at: number | string;
  readonly share: number;
  /** As the model reads it. */
  readonly value: number;
}

/** Between the outermost cuts; each with the share of rows that lie next to it. */
function numberPoints({ cuts, counts }: Distribution): Point[] {
  const [low, high] = [cuts[0] ?? NaN, cuts.at(-1) ?? NaN];
  if (!(high > low)) return [];
  const width = (high - low) / (STEPS - 1);
  const near = new Float64Array(STEPS);
  for (const [bin, count] of counts.entries())
    spread(near, count, [cuts[bin - 1] ?? low, cuts[bin] ?? high], { low, width });
  const all = counts.reduce((sum, count) => sum + count, 0);
  return Array.from({ length: STEPS }, (_, at) => {
    const value = at === STEPS - 1 ? high : low + at * width;
    return { at: value, value, share: all === 0 ? 0 : (near[at] ?? 0) / all };
  });
}

/** A bin's rows lie evenly between its cuts, as far as is known; what is at one value is next to one point. */
function spread(
  near: Float64Array,
  count: number,
  [from, to]: readonly [number, number],
  { low, width }: { low: number; width: number },
): void {
  const place = (value: number) => Math.min(STEPS, Math.max(0, (value - low) / width + 0.5));
  const [begin, end] = [place(from), place(to)];
  if (end - begin < 1e-9) {
    const at = Math.min(STEPS - 1, Math.floor(begin));
    near[at] = (near[at] ?? 0) + count;
    return;
  }
  for (let at = Math.floor(begin); at < Math.min(STEPS, Math.ceil(end)); at += 1) {
    const part = Math.min(end, at + 1) - Math.max(begin, at);
    near[at] = (near[at] ?? 0) + (count * part) / (end - begin);
  }
}

function labelPoints({ labels, counts }: Distribution): Point[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return labels
    .map((at, value) => ({ at, value, share: all === 0 ? 0 : (counts[value] ?? 0) / all }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, MOST_LABELS);
}

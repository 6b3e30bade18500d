import type { Columns } from './feature.ts';
import type { Random } from './random.ts';
import { shuffle } from './random.ts';

export interface Judged {
  readonly columns: Columns;
  readonly rows: Int32Array;
  /** The higher, the better. `columns` hold the values of `rows` alone, in their order. */
  score(columns: Columns, rows: Int32Array): number;
}

const MOST_ROWS = 2000;

/** What the score loses when a feature's values are mixed up, over at most some thousand rows of the hold-out. */
export function permutationImportance({ columns, rows, score }: Judged, random: Random): number[] {
  const judged = rows.length <= MOST_ROWS ? rows : shuffle(rows.slice(), random).slice(0, MOST_ROWS).sort();
  const own = columns.map((values) => Float64Array.from(judged, (row) => values[row] ?? NaN));
  const before = score(own, judged);
  return own.map((values, feature) => {
    const order = shuffle(Int32Array.from(judged.keys()), random);
    const mixed = Float64Array.from(order, (at) => values[at] ?? NaN);
    return before - score(own.with(feature, mixed), judged);
  });
}

export function sharesOf(gain: Float64Array): number[] {
  const total = gain.reduce((sum, each) => sum + each, 0);
  return Array.from(gain, (each) => (total === 0 ? 0 : each / total));
}

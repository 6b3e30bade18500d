import type { ModelNote, Said } from '@datacraft/shared';
import { say, worded } from '@datacraft/shared';
import { aucOf } from './class-metrics.ts';
import type { TrainTable } from './table.ts';

/** A feature that alone parts the classes so well is more likely the answer than a cause. */
const SUSPICIOUS_AREA = 0.998;
/** So much of a number's spread, by a straight line. */
const SUSPICIOUS_SHARE = 0.9999;
const FEWEST_ROWS = 30;
/** Of fewer rows a level says nothing of its class. */
const ROWS_OF_LEVEL = 5;

/** Features that give a class away, by their values, their categories, or by being missing. */
export function leaksOfClasses(table: TrainTable, rows: Int32Array): ModelNote[] {
  if (rows.length < FEWEST_ROWS) return [];
  const codes = table.classes.length === 2 ? [1] : [...table.classes.keys()];
  const classes = codes.map((code) => Array.from(rows, (row) => table.target?.[row] === code));
  const told = classes.filter(enough);
  return table.features.flatMap(({ name, kind }, at) => {
    const values = Float64Array.from(rows, (row) => table.columns[at]?.[row] ?? NaN);
    const tells = told.some((positive) => {
      const scores =
        kind === 'category' ? sharesOf(values, positive) : values.map((each) => (Number.isNaN(each) ? -1e308 : each));
      const area = scores === null ? null : aucOf(positive, scores);
      return area !== null && Math.max(area, 1 - area) >= SUSPICIOUS_AREA;
    });
    if (!tells) return [];
    return [
      warned(say('`{name}` alone tells the classes apart: make sure that it is known before the answer is', { name })),
    ];
  });
}

/** By a handful of rows nothing is given away. */
function enough(positive: readonly boolean[]): boolean {
  const count = positive.filter(Boolean).length;
  return Math.min(count, positive.length - count) >= ROWS_OF_LEVEL;
}

function warned(words: Said): ModelNote {
  return { ...worded(words), warns: true };
}

/** Features that are the number that is predicted, but for its scale. */
export function leaksOfNumbers(table: TrainTable, rows: Int32Array): ModelNote[] {
  if (rows.length < FEWEST_ROWS) return [];
  return table.features.flatMap(({ name, kind }, at) => {
    if (kind === 'category') return [];
    const known = rows.filter((row) => !Number.isNaN(table.columns[at]?.[row] ?? NaN));
    if (known.length < FEWEST_ROWS) return [];
    const values = Float64Array.from(known, (row) => table.columns[at]?.[row] ?? 0);
    const target = Float64Array.from(known, (row) => table.target?.[row] ?? 0);
    if (shareExplained(values, target) < SUSPICIOUS_SHARE) return [];
    return [warned(say('`{name}` alone tells the number: make sure that it is known before the answer is', { name }))];
  });
}

/** Of each row the share of the positive class in its category; null when categories are too many to tell. */
function sharesOf(codes: Float64Array, positive: readonly boolean[]): Float64Array | null {
  const counts = new Map<number, { rows: number; positive: number }>();
  for (const [at, code] of codes.entries()) {
    const own = counts.get(code) ?? { rows: 0, positive: 0 };
    counts.set(code, { rows: own.rows + 1, positive: own.positive + (positive[at] === true ? 1 : 0) });
  }
  if (codes.length < ROWS_OF_LEVEL * counts.size) return null;
  return codes.map((code) => {
    const own = counts.get(code);
    return own === undefined ? 0 : own.positive / own.rows;
  });
}

/** Square of the correlation. */
function shareExplained(values: Float64Array, target: Float64Array): number {
  const mean = (all: Float64Array) => all.reduce((sum, value) => sum + value, 0) / all.length;
  const [ownMean, targetMean] = [mean(values), mean(target)];
  let [both, own, other] = [0, 0, 0];
  for (const [at, value] of values.entries()) {
    const [x, y] = [value - ownMean, (target[at] ?? 0) - targetMean];
    both += x * y;
    own += x * x;
    other += y * y;
  }
  return own === 0 || other === 0 ? 0 : (both * both) / (own * other);
}

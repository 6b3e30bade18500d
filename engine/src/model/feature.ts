/**
 * Learners: tables of numbers in, a model that is a value out.
 *
 * M1  Same rows, parameters and seed give the same bytes: no clock, no platform, no order of the machine's.
 * M2  NaN is a missing value, and only that. A category is its place in `levels`.
 * M3  A model refuses a value it was not trained for: it never scores it as something else.
 *
 * M4  What `../learning.ts` exports knows no platform: a browser learns by the same code. Files are touched by `learn`,
 *     `learn-series`, `augurs` (the one that imports `@bsull/augurs`), `thread` and `trainer` alone.
 */
export type FeatureKind = 'number' | 'boolean' | 'time' | 'category';

export interface Feature {
  readonly name: string;
  readonly kind: FeatureKind;
  /** DuckDB's word for the column it came from. */
  readonly type: string;
  /** Training rows had none of it: only then may it be missing when asked. */
  readonly nullable: boolean;
  /** Of categories, in the order of their codes. */
  readonly levels: readonly string[];
  /** Rare levels were learned as one, the last: levels never seen count as it. */
  readonly pooled: boolean;
  /** Of numbers: what was seen in training. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

/** Columns of equal length: numbers, booleans as 0 and 1, times in seconds, codes of categories. NaN is missing. */
export type Columns = readonly Float64Array[];

export const POOLED = '(other)';
/** Codes must fit a byte beside the missing value. */
export const MAX_LEVELS = 254;

/** What a category column holds, most frequent first; what is too rare for a code of its own is pooled. */
export function levelsOf(values: readonly (string | null)[]): { levels: string[]; pooled: boolean } {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([value]) => value);
  if (sorted.length <= MAX_LEVELS) return { levels: sorted, pooled: false };
  return { levels: [...sorted.slice(0, MAX_LEVELS - 1), POOLED], pooled: true };
}

/** Codes of a category column; NaN for what is missing. */
export function codesOf(values: readonly (string | null)[], levels: readonly string[], pooled: boolean): Float64Array {
  const codes = new Map(levels.map((level, code) => [level, code]));
  const other = pooled ? levels.length - 1 : NaN;
  return Float64Array.from(values, (value) => (value === null ? NaN : (codes.get(value) ?? other)));
}

/** The feature of a column of numbers. */
export function numberFeature(name: string, kind: FeatureKind, type: string, values: Float64Array): Feature {
  let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count += 1;
  }
  const some = count > 0;
  const range = { min: some ? min : null, max: some ? max : null, mean: some ? sum / count : null };
  return { name, kind, type, nullable: count < values.length, levels: [], pooled: false, ...range };
}

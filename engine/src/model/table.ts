import type { Columns, Feature } from './feature.ts';
import type { SplitBy } from './split.ts';

/** What a learner reads: encoded columns, the target, and how rows are parted. */
export interface TrainTable {
  readonly features: readonly Feature[];
  readonly columns: Columns;
  readonly count: number;
  /** Class index, or the number; NaN is missing. Null without a target. */
  readonly target: Float64Array | null;
  /** Labels of classes in the order of their index. */
  readonly classes: readonly string[];
  readonly splitBy: SplitBy;
}

/** Labels in the order people expect: no before yes, 0 before 1. The last of two is the positive one. */
export function classesOf(values: readonly (string | null)[]): string[] {
  const distinct = [...new Set(values)].filter((value) => value !== null);
  const isNumber = distinct.every((value) => value.trim() !== '' && Number.isFinite(Number(value)));
  return distinct.sort((a, b) => (isNumber ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0));
}

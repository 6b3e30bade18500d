import type { Columns } from './feature.ts';

/**
 * A tree as flat arrays, in the order of a walk: a node's left child is the node after it.
 * Numbers go left when they are below the threshold, categories when their bit is set in `sets`.
 */
export interface Tree {
  /** -1 is a leaf. */
  readonly feature: Int16Array;
  /** Of numbers the threshold, of categories the place of the set, of leaves the place of the values. */
  readonly threshold: Float64Array;
  readonly right: Int32Array;
  /** MISSING_RIGHT, CATEGORY */
  readonly flags: Uint8Array;
  /** 8 words of 32 bits for each categorical split. */
  readonly sets: Uint32Array;
  /** One value for each output, of each leaf. */
  readonly values: Float64Array;
  /** Rows that were learned from and came by each node; older models do not know. */
  readonly counts?: Int32Array;
}

export const MISSING_RIGHT = 1;
export const CATEGORY = 2;
export const SET_WORDS = 8;

/** The place in `values` of the leaf that a row falls into. */
export function leafOf(tree: Tree, columns: Columns, row: number): number {
  const { feature, threshold, right, flags, sets } = tree;
  let node = 0;
  for (;;) {
    const at = feature[node] ?? -1;
    const bound = threshold[node] ?? 0;
    if (at < 0) return bound;
    const value = columns[at]?.[row] ?? NaN;
    const flag = flags[node] ?? 0;
    const left = Number.isNaN(value)
      ? (flag & MISSING_RIGHT) === 0
      : (flag & CATEGORY) === 0
        ? value < bound
        : (((sets[bound * SET_WORDS + (value >> 5)] ?? 0) >>> (value & 31)) & 1) === 1;
    node = left ? node + 1 : (right[node] ?? 0);
  }
}

/** Whether a row goes left at a node that is no leaf. */
export function goesLeft(
  { feature, threshold, flags, sets }: Tree,
  columns: Columns,
  row: number,
  node: number,
): boolean {
  const value = columns[feature[node] ?? 0]?.[row] ?? NaN;
  const bound = threshold[node] ?? 0;
  const flag = flags[node] ?? 0;
  if (Number.isNaN(value)) return (flag & MISSING_RIGHT) === 0;
  if ((flag & CATEGORY) === 0) return value < bound;
  return (((sets[bound * SET_WORDS + (value >> 5)] ?? 0) >>> (value & 31)) & 1) === 1;
}

/** Collects nodes while a tree grows. */
export class TreeBuilder {
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #right: number[] = [];
  readonly #flags: number[] = [];
  readonly #sets: number[] = [];
  readonly #values: number[] = [];
  readonly #counts: number[] = [];

  /** `rows` of each node: how many came by. */
  leaf(values: readonly number[], rows: number): void {
    this.#push(-1, this.#values.length, 0, rows);
    this.#values.push(...values);
  }

  /** Answers the node, whose right child is told later. */
  split(feature: number, threshold: number, missingRight: boolean, rows: number): number {
    return this.#push(feature, threshold, missingRight ? MISSING_RIGHT : 0, rows);
  }

  /** Codes that go left. */
  splitByCategory(feature: number, codes: readonly number[], missingRight: boolean, rows: number): number {
    const words = new Uint32Array(SET_WORDS);
    for (const code of codes) words[code >> 5] = (words[code >> 5] ?? 0) | (1 << (code & 31));
    const place = this.#sets.length / SET_WORDS;
    this.#sets.push(...words);
    return this.#push(feature, place, CATEGORY | (missingRight ? MISSING_RIGHT : 0), rows);
  }

  rightOf(node: number): void {
    this.#right[node] = this.#feature.length;
  }

  finish(): Tree {
    return {
      feature: Int16Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      right: Int32Array.from(this.#right),
      flags: Uint8Array.from(this.#flags),
      sets: Uint32Array.from(this.#sets),
      values: Float64Array.from(this.#values),
      counts: Int32Array.from(this.#counts),
    };
  }

  #push(feature: number, threshold: number, flags: number, rows: number): number {
    this.#feature.push(feature);
    this.#threshold.push(threshold);
    this.#right.push(0);
    this.#flags.push(flags);
    this.#counts.push(rows);
    return this.#feature.length - 1;
  }
}

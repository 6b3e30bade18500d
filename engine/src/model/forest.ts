import type { Fitted, TreeData } from './ensemble.ts';
import { growTree } from './grow.ts';
import type { Random } from './random.ts';
import type { Tree } from './tree.ts';

export interface ForestParams {
  readonly trees: number;
  readonly depth: number;
  readonly minLeaf: number;
  /** Share of the features tried for a split; null is the square root of them, or a third for numbers. */
  readonly columns: number | null;
}

/**
 * Trees that are grown to their end learn the noise of many-valued categories where nothing holds them back; found on
 * two tables of real credits.
 */
const CATEGORIES = { categoryL2: 10, fewCategories: 12 };

/** `curve` has the losses so far, where the learner knows them. */
export type Progress = (share: number, curve?: Fitted['curve']) => void;

/** Each tree sees a draw of the rows with replacement; leaves hold class shares, or the mean. */
export function fitForest(data: TreeData, params: ForestParams, random: Random, onProgress: Progress): Fitted {
  const features = data.bins.length;
  const outputs = data.classes > 2 ? data.classes : 1;
  const gain = new Float64Array(features);
  const gradients = Array.from({ length: outputs }, () => new Float64Array(data.target.length));
  const hessians = new Float64Array(data.target.length);
  const trees: Tree[] = [];
  for (let tree = 0; tree < params.trees; tree += 1) {
    const rows = drawn(data, random, hessians);
    for (const row of rows) {
      const weight = hessians[row] ?? 0;
      const value = data.target[row] ?? 0;
      for (const [output, values] of gradients.entries())
        values[row] = outputs === 1 ? -weight * value : output === value ? -weight : 0;
    }
    const { bins, bytes } = data;
    const tried = triedOf(params.columns, features, data.classes > 0);
    const shape = { depth: params.depth, minLeaf: params.minLeaf, l2: 0, ...CATEGORIES, rate: 1, tried };
    trees.push(growTree({ ...shape, bins, bytes, gradients, hessians, random, gain }, rows));
    onProgress((tree + 1) / params.trees);
  }
  const link = data.classes > 0 ? 'shares' : 'identity';
  const base = new Array<number>(outputs).fill(0);
  return { model: { kind: 'trees', link, base, scale: 1 / trees.length, trees, wide: true }, gain, curve: [] };
}

function triedOf(share: number | null, features: number, isClass: boolean): number {
  const wanted = share !== null ? share * features : isClass ? Math.sqrt(features) : features / 3;
  return Math.min(features, Math.max(1, Math.round(wanted)));
}

/** Draws as many rows as there are; one drawn twice weighs twice. */
function drawn({ rows, weights }: TreeData, random: Random, hessians: Float64Array): Int32Array {
  const times = new Uint16Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    const at = Math.floor(random() * rows.length);
    times[at] = (times[at] ?? 0) + 1;
  }
  for (const [at, count] of times.entries()) {
    const row = rows[at] ?? 0;
    hessians[row] = count * (weights[row] ?? 1);
  }
  return rows.filter((_, at) => (times[at] ?? 0) > 0);
}

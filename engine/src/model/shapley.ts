import type { Columns } from './feature.ts';
import type { Tree } from './tree.ts';
import { goesLeft } from './tree.ts';

/** A feature on the way to a node: the shares of rows that come by without and with knowing it, and the weight of subsets. */
interface Step {
  feature: number;
  without: number;
  with: number;
  weight: number;
}

/**
 * Exact Shapley values of one tree for one row, where a feature that is not known sends the row both ways, as the rows
 * that were learned from went. What is added to `into` and the mean of the leaves make the leaf of the row together.
 */
export function addShapley(tree: Tree, columns: Columns, row: number, output: Output, into: Float64Array): void {
  const { counts } = tree;
  if (counts === undefined) return;
  const walk = (node: number, before: readonly Step[], without: number, withIt: number, feature: number): void => {
    const path = extended(before, without, withIt, feature);
    const at = tree.feature[node] ?? -1;
    if (at < 0) return addLeaf(path, leafValue(tree, node, output), into);
    const [near, far] = ways(tree, columns, row, node);
    const known = path.findIndex((step, place) => place > 0 && step.feature === at);
    const own = known < 0 ? { without: 1, with: 1 } : (path[known] ?? { without: 1, with: 1 });
    const rest = known < 0 ? path : unwound(path, known);
    const share = (child: number) => ((counts[child] ?? 0) / (counts[node] ?? 1)) * own.without;
    walk(near, rest, share(near), own.with, at);
    walk(far, rest, share(far), 0, at);
  };
  walk(0, [], 1, 1, -1);
}

export interface Output {
  /** Which value of a leaf, and what it is multiplied with. */
  readonly place: number;
  readonly scale: number;
}

/** The mean of a tree's leaves over the rows that were learned from. */
export function meanOf(tree: Tree, output: Output): number {
  const total = tree.counts?.[0] ?? 1;
  let sum = 0;
  for (let node = 0; node < tree.feature.length; node += 1)
    if ((tree.feature[node] ?? -1) < 0) sum += ((tree.counts?.[node] ?? 0) / total) * leafValue(tree, node, output);
  return sum;
}

function leafValue({ threshold, values }: Tree, node: number, { place, scale }: Output): number {
  return (values[(threshold[node] ?? 0) + place] ?? 0) * scale;
}

function ways(tree: Tree, columns: Columns, row: number, node: number): readonly [near: number, far: number] {
  const [left, right] = [node + 1, tree.right[node] ?? 0];
  return goesLeft(tree, columns, row, node) ? [left, right] : [right, left];
}

function addLeaf(path: readonly Step[], value: number, into: Float64Array): void {
  for (let at = 1; at < path.length; at += 1) {
    const step = path[at];
    if (step === undefined) continue;
    const weight = weightWithout(path, at);
    into[step.feature] = (into[step.feature] ?? 0) + weight * (step.with - step.without) * value;
  }
}

function extended(before: readonly Step[], without: number, withIt: number, feature: number): Step[] {
  const path = before.map((step) => ({ ...step }));
  const length = path.length;
  path.push({ feature, without, with: withIt, weight: length === 0 ? 1 : 0 });
  for (let at = length - 1; at >= 0; at -= 1) {
    const [step, next] = [path[at], path[at + 1]];
    if (step === undefined || next === undefined) continue;
    next.weight += (withIt * step.weight * (at + 1)) / (length + 1);
    step.weight = (without * step.weight * (length - at)) / (length + 1);
  }
  return path;
}

/** What the weights of the path add up to as if the step at `place` had never been taken. */
function weightWithout(path: readonly Step[], place: number): number {
  const last = path.length - 1;
  const gone = path[place] ?? { with: 1, without: 1 };
  let next = path[last]?.weight ?? 0;
  let sum = 0;
  for (let at = last - 1; at >= 0; at -= 1) {
    const weight = path[at]?.weight ?? 0;
    const own =
      gone.with === 0
        ? (weight * (last + 1)) / (gone.without * (last - at))
        : (next * (last + 1)) / ((at + 1) * gone.with);
    if (gone.with !== 0) next = weight - (own * gone.without * (last - at)) / (last + 1);
    sum += own;
  }
  return sum;
}

/** The path as if the step at `place` had never been taken. */
function unwound(path: readonly Step[], place: number): Step[] {
  const rest = path.map((step) => ({ ...step }));
  const last = rest.length - 1;
  const gone = rest[place] ?? { with: 1, without: 1 };
  let next = rest[last]?.weight ?? 0;
  for (let at = last - 1; at >= 0; at -= 1) {
    const step = rest[at];
    if (step === undefined) continue;
    if (gone.with === 0) step.weight = (step.weight * (last + 1)) / (gone.without * (last - at));
    else {
      const kept = step.weight;
      step.weight = (next * (last + 1)) / ((at + 1) * gone.with);
      next = kept - (step.weight * gone.without * (last - at)) / (last + 1);
    }
  }
  const weights = rest.slice(0, last).map((step) => step.weight);
  return rest.filter((_, at) => at !== place).map((step, at) => ({ ...step, weight: weights[at] ?? 0 }));
}

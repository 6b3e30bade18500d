import type { Ensemble } from '../model/ensemble.ts';
import type { Feature } from '../model/feature.ts';
import type { Tree } from '../model/tree.ts';
import { CATEGORY, MISSING_RIGHT, SET_WORDS } from '../model/tree.ts';
import { missingCode } from './inputs.ts';
import type { Graph } from './graph.ts';
import { ML } from './graph.ts';
import { bytes, doubles } from './tensor.ts';

const LESS = 1;
const MEMBER = 6;

/** Nodes of all trees in the words of the operator TreeEnsemble. */
interface Nodes {
  readonly roots: number[];
  readonly features: number[];
  readonly modes: number[];
  readonly splits: number[];
  readonly missingTrue: number[];
  readonly whenTrue: number[];
  readonly trueIsLeaf: number[];
  readonly whenFalse: number[];
  readonly falseIsLeaf: number[];
  readonly members: number[];
  readonly targets: number[];
  readonly weights: number[];
}

/** Sums of the leaves of each output, scaled and moved, for each row of `columns`. */
export function treeScores(graph: Graph, model: Ensemble, features: readonly Feature[], columns: string): string {
  const outputs = model.base.length;
  const nodes = emptyNodes();
  for (const [at, tree] of model.trees.entries()) {
    if (!model.wide) addTree(nodes, tree, features, 0, at % outputs);
    else for (let output = 0; output < outputs; output += 1) addTree(nodes, tree, features, output, output);
  }
  const sums = graph.node('TreeEnsemble', [columns], attributesOf(nodes, outputs), ML);
  const scaled = graph.node('Mul', [sums, graph.constant(doubles([model.scale]))]);
  return graph.node('Add', [scaled, graph.constant(doubles(model.base))]);
}

function emptyNodes(): Nodes {
  return {
    roots: [],
    features: [],
    modes: [],
    splits: [],
    missingTrue: [],
    whenTrue: [],
    trueIsLeaf: [],
    whenFalse: [],
    falseIsLeaf: [],
    members: [],
    targets: [],
    weights: [],
  };
}

/** `place` is which of a leaf's values counts, `output` where it is added. */
function addTree(nodes: Nodes, tree: Tree, features: readonly Feature[], place: number, output: number): void {
  const addLeaf = (node: number): number => {
    nodes.targets.push(output);
    nodes.weights.push(tree.values[(tree.threshold[node] ?? 0) + place] ?? 0);
    return nodes.weights.length - 1;
  };
  const ids = new Map<number, number>();
  const inner = Array.from(tree.feature.keys()).filter((node) => (tree.feature[node] ?? -1) >= 0);
  nodes.roots.push(nodes.features.length);
  if (inner.length === 0) return addStump(nodes, addLeaf(0));
  for (const [at, node] of inner.entries()) ids.set(node, nodes.features.length + at);
  for (const node of inner) {
    addSplit(nodes, tree, features, node);
    const [left, right] = [node + 1, tree.right[node] ?? 0];
    nodes.whenTrue.push(ids.get(left) ?? addLeaf(left));
    nodes.trueIsLeaf.push(ids.has(left) ? 0 : 1);
    nodes.whenFalse.push(ids.get(right) ?? addLeaf(right));
    nodes.falseIsLeaf.push(ids.has(right) ? 0 : 1);
  }
}

/** A tree of one leaf: both ways lead to it. */
function addStump(nodes: Nodes, leaf: number): void {
  nodes.features.push(0);
  nodes.modes.push(LESS);
  nodes.splits.push(0);
  nodes.missingTrue.push(0);
  nodes.whenTrue.push(leaf);
  nodes.trueIsLeaf.push(1);
  nodes.whenFalse.push(leaf);
  nodes.falseIsLeaf.push(1);
}

function addSplit(nodes: Nodes, tree: Tree, features: readonly Feature[], node: number): void {
  const feature = tree.feature[node] ?? 0;
  const flags = tree.flags[node] ?? 0;
  const missingLeft = (flags & MISSING_RIGHT) === 0;
  const isCategory = (flags & CATEGORY) !== 0;
  nodes.features.push(feature);
  nodes.modes.push(isCategory ? MEMBER : LESS);
  nodes.splits.push(isCategory ? 0 : (tree.threshold[node] ?? 0));
  nodes.missingTrue.push(missingLeft ? 1 : 0);
  const own = features[feature];
  if (!isCategory || own === undefined) return;
  const left = own.levels.map((_, code) => code).filter((code) => hasBit(tree, tree.threshold[node] ?? 0, code));
  nodes.members.push(...left, ...(missingLeft ? [missingCode(own)] : []), NaN);
}

function hasBit({ sets }: Tree, set: number, code: number): boolean {
  return (((sets[set * SET_WORDS + (code >> 5)] ?? 0) >>> (code & 31)) & 1) === 1;
}

function attributesOf(nodes: Nodes, outputs: number) {
  return {
    aggregate_function: 1,
    post_transform: 0,
    n_targets: outputs,
    tree_roots: nodes.roots,
    nodes_featureids: nodes.features,
    nodes_modes: bytes(nodes.modes),
    nodes_splits: doubles(nodes.splits),
    nodes_missing_value_tracks_true: nodes.missingTrue,
    nodes_truenodeids: nodes.whenTrue,
    nodes_trueleafs: nodes.trueIsLeaf,
    nodes_falsenodeids: nodes.whenFalse,
    nodes_falseleafs: nodes.falseIsLeaf,
    leaf_targetids: nodes.targets,
    leaf_weights: doubles(nodes.weights),
    ...(nodes.members.length === 0 ? {} : { membership_values: doubles(nodes.members) }),
  };
}

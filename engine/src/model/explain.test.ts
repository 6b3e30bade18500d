import { resolveParams } from '@datacraft/shared';
import type { Algorithm } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { packed } from './packed-trees.ts';
import type { Ensemble } from './ensemble.ts';
import { explain } from './explain.ts';
import type { Columns, Feature } from './feature.ts';
import { numberFeature } from './feature.ts';
import { fitBody } from './fit-body.ts';
import { linearScores } from './linear.ts';
import type { ModelFile } from './model-file.ts';
import { encodeModel } from './model-file.ts';
import { decodeModel } from './open-model.ts';
import type { Learned } from './predict.ts';
import { seededRandom } from './random.ts';
import type { TrainTable } from './table.ts';
import type { Tree } from './tree.ts';
import { goesLeft } from './tree.ts';

const SEEDS = Array.from({ length: 4 }, () => Math.floor(Math.random() * 1e6));
const FEATURES = 5;

/** Numbers with gaps and a category, and answers that hang on them. */
function tableOf(seed: number, kind: 'two' | 'three' | 'number'): TrainTable {
  const random = seededRandom(seed);
  const count = 400;
  const columns = Array.from({ length: FEATURES }, (_, feature) =>
    Float64Array.from({ length: count }, () =>
      feature === 4 ? Math.floor(random() * 6) : random() < 0.1 ? NaN : Math.round(random() * 20),
    ),
  );
  const score = Float64Array.from({ length: count }, (_, row) => {
    const at = (feature: number) => columns[feature]?.[row] || 0;
    return at(0) - at(1) * (at(4) > 2 ? 1 : -0.5) + (at(2) > 10 ? 8 : 0) + 3 * random();
  });
  const levels = ['a', 'b', 'c', 'd', 'e', 'f'];
  const features = columns.map((values, at): Feature => ({
    ...numberFeature(`x${at}`, at === 4 ? 'category' : 'number', at === 4 ? 'VARCHAR' : 'DOUBLE', values),
    ...(at === 4 ? { levels } : {}),
  }));
  const target =
    kind === 'number'
      ? score
      : score.map((value) => (kind === 'two' ? Number(value > 5) : value < 0 ? 0 : value < 10 ? 1 : 2));
  const classes = kind === 'number' ? [] : kind === 'two' ? ['no', 'yes'] : ['low', 'middle', 'high'];
  return { features, columns, count, target, classes, splitBy: { kind: 'random' } };
}

function fileOf(table: TrainTable, algorithm: Algorithm, given: Record<string, number>, seed: number): ModelFile {
  const task = table.classes.length > 0 ? 'classification' : 'regression';
  const request = {
    task,
    algorithm,
    params: resolveParams(algorithm, given),
    seed,
    test: 0.2,
    target: 'y',
    decision: null,
    folds: 0,
  } as const;
  const rows = Int32Array.from({ length: table.count }, (_, row) => row);
  const { body } = fitBody(request, table, rows, seededRandom(seed), () => {});
  const file = {
    task,
    algorithm,
    target: { name: 'y', type: 'DOUBLE' },
    classes: table.classes,
    features: table.features,
    keys: [],
    seed,
    body,
  } as const;
  return decodeModel(encodeModel(file));
}

/** The mean of a tree's answers when only the features in `known` are. */
function expected(tree: Tree, columns: Columns, row: number, known: number, node = 0): number {
  const feature = tree.feature[node] ?? -1;
  if (feature < 0) return tree.values[tree.threshold[node] ?? 0] ?? 0;
  const [left, right] = [node + 1, tree.right[node] ?? 0];
  const go = (child: number) => expected(tree, columns, row, known, child);
  if ((known >> feature) & 1) return go(goesLeft(tree, columns, row, node) ? left : right);
  const share = (tree.counts?.[left] ?? 0) / (tree.counts?.[node] ?? 1);
  return share * go(left) + (1 - share) * go(right);
}

/** Shapley's definition: over all subsets of the other features. */
function byDefinition(model: Ensemble, columns: Columns, row: number, feature: number): number {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const value = (known: number) =>
    model.trees.reduce((sum, tree) => sum + expected(tree, columns, row, known) * model.scale, 0);
  let sum = 0;
  for (let known = 0; known < 1 << FEATURES; known += 1) {
    if ((known >> feature) & 1) continue;
    const size = [...known.toString(2)].filter((bit) => bit === '1').length;
    const weight = (factorial(size) * factorial(FEATURES - size - 1)) / factorial(FEATURES);
    sum += weight * (value(known | (1 << feature)) - value(known));
  }
  return sum;
}

it.each(SEEDS)('contributions of trees are Shapley values, as their definition counts them (seed %i)', (seed) => {
  const table = tableOf(seed, 'two');
  const file = fileOf(table, 'gradient_boosting', { trees: 6, depth: 5, min_leaf: 3, early_stopping: 0 }, seed);
  for (const row of [0, 7, 33]) {
    const { contributions } = explain(file, table.columns, row);
    for (const { feature, adds } of contributions)
      expect(adds).toBeCloseTo(byDefinition(file.body as Ensemble, table.columns, row, Number(feature[1])), 9);
  }
});

it.each([
  ['random_forest', 'two'],
  ['random_forest', 'three'],
  ['random_forest', 'number'],
  ['gradient_boosting', 'three'],
  ['gradient_boosting', 'number'],
  ['logistic_regression', 'two'],
  ['logistic_regression', 'three'],
  ['linear_regression', 'number'],
] as const)('%s of %s: base and contributions are the score', (algorithm, kind) => {
  const table = tableOf(11, kind);
  const file = fileOf(table, algorithm, algorithm.includes('regression') ? {} : { trees: 8 }, 11);
  const body = file.body as Learned;
  const scores = new Float64Array(body.kind === 'trees' ? body.base.length : body.weights.length);
  for (const row of [1, 2, 3, 50]) {
    const { base, score, contributions, of } = explain(file, table.columns, row);
    if (body.kind === 'trees') packed(body).score(table.columns, row, scores);
    else linearScores(body, table.columns, row, scores);
    const own = scores[scores.length === 1 ? 0 : table.classes.indexOf(of ?? '')] ?? NaN;
    expect(score).toBeCloseTo(own, 9);
    expect(contributions.reduce((sum, { adds }) => sum + adds, base)).toBeCloseTo(own, 9);
  }
});

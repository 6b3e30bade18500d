import type { ModelReport, ParamValues } from '@datacraft/shared';
import { binned, binsOf } from './binning.ts';
import { fitBoosting } from './boosting.ts';
import type { TreeData } from './ensemble.ts';
import type { Progress } from './forest.ts';
import { fitForest } from './forest.ts';
import { sharesOf } from './importance.ts';
import { fitLinear, fitLogistic } from './linear.ts';
import type { Learned } from './predict.ts';
import type { Random } from './random.ts';
import type { TrainTable } from './table.ts';
import type { TrainRequest } from './train.ts';

export interface FittedBody {
  readonly body: Learned;
  /** By feature; null for models without trees. */
  readonly gain: readonly number[] | null;
  readonly curve: NonNullable<ModelReport['curve']>;
}

/** Fits whatever the algorithm is; parameters are complete. */
export function fitBody(
  { algorithm, params, task }: TrainRequest,
  table: TrainTable,
  rows: Int32Array,
  random: Random,
  onProgress: Progress,
): FittedBody {
  const target = table.target ?? new Float64Array();
  const classes = task === 'classification' ? table.classes : [];
  const weights = weightsOf(params['class_weight'], target, rows, classes);
  const { features, columns } = table;
  const linear = { features, columns, rows, target, weights, classes: classes.length };
  const l2 = numberIn(params, 'l2');
  if (algorithm === 'linear_regression') return { body: fitLinear(linear, l2, onProgress), gain: null, curve: [] };
  if (algorithm === 'logistic_regression') {
    const body = fitLogistic(linear, { l2, steps: numberIn(params, 'steps') }, onProgress);
    return { body, gain: null, curve: [] };
  }
  const bins = binsOf(features, columns, numberIn(params, 'bins'));
  const data: TreeData = {
    columns,
    bins,
    bytes: binned(columns, bins),
    rows,
    target,
    weights,
    classes: classes.length,
  };
  const { model, gain, curve } =
    algorithm === 'random_forest'
      ? fitForest(data, shapeOf(params), random, onProgress)
      : fitBoosting(data, boostingOf(params), random, onProgress);
  return { body: model, gain: sharesOf(gain), curve };
}

function numberIn(params: ParamValues, name: string): number {
  return Number(params[name] ?? 0);
}

function shapeOf(params: ParamValues) {
  const columns = params['columns'];
  return {
    trees: numberIn(params, 'trees'),
    depth: numberIn(params, 'depth'),
    minLeaf: numberIn(params, 'min_leaf'),
    columns: typeof columns === 'number' ? columns : null,
  };
}

function boostingOf(params: ParamValues) {
  return {
    ...shapeOf(params),
    rate: numberIn(params, 'learning_rate'),
    l2: numberIn(params, 'l2'),
    rows: numberIn(params, 'rows'),
    earlyStopping: numberIn(params, 'early_stopping'),
  };
}

/** Balanced: every class weighs the same on the whole. */
function weightsOf(
  given: ParamValues[string] | undefined,
  target: Float64Array,
  rows: Int32Array,
  classes: readonly string[],
): Float64Array {
  const weights = new Float64Array(target.length).fill(1);
  if (given === null || given === undefined || classes.length === 0 || typeof given === 'number') return weights;
  const counts = classes.map(() => 0);
  for (const row of rows) counts[target[row] ?? 0] = (counts[target[row] ?? 0] ?? 0) + 1;
  const ofClass = classes.map((name, at) =>
    given === 'balanced'
      ? rows.length / (classes.length * Math.max(1, counts[at] ?? 0))
      : typeof given === 'string'
        ? 1
        : (given[name] ?? 1),
  );
  for (const row of rows) weights[row] = ofClass[target[row] ?? 0] ?? 1;
  return weights;
}

import type {
  Algorithm,
  DecisionRule,
  Distribution,
  FeatureImportance,
  ModelReport,
  ModelTask,
  ParamValues,
} from '@datacraft/shared';
import { countDecisions, Fault, say, worded } from '@datacraft/shared';
import { crossValidate } from './cross-validate.ts';
import { layOf, scoreDistribution } from './distribution.ts';
import type { Progress } from './forest.ts';
import type { Asked } from './partial.ts';
import { partialDependence } from './partial.ts';
import type { Body } from './predict.ts';
import { likelihoods, numbers } from './predict.ts';
import { fitBody } from './fit-body.ts';
import type { Halves } from './split.ts';
import { splitRows } from './split.ts';
import { judgeClasses, judgeNumbers } from './judge.ts';
import { seededRandom } from './random.ts';
import type { TrainTable } from './table.ts';
import { trainClusters } from './train-clusters.ts';

export interface TrainRequest {
  readonly task: Exclude<ModelTask, 'forecast'>;
  readonly algorithm: Algorithm;
  readonly params: ParamValues;
  readonly seed: number;
  /** Share of the rows held out. */
  readonly test: number;
  readonly target: string | null;
  readonly decision: DecisionRule | null;
  /** Of cross-validation; below 2 there is none. */
  readonly folds: number;
}

/** Rows of the hold-out with what the model says of them. */
export interface Scored {
  readonly rows: Int32Array;
  /** Class index, number or cluster. */
  readonly prediction: ArrayLike<number>;
  /** Of the positive class of two, else of the predicted one; the distance to the centroid of clusters. */
  readonly second: Float64Array | null;
}

export interface Trained {
  readonly body: Body;
  readonly report: ModelReport;
  readonly scored: Scored;
}

const FEWEST_ROWS = 10;

/** Learns from one part of the rows and judges on the other. */
export function train(request: TrainRequest, table: TrainTable, onProgress: Progress): Trained {
  if (request.task === 'clustering') return trainClusters(request, table, onProgress);
  const target = table.target ?? new Float64Array();
  const known = Int32Array.from(target.keys()).filter((row) => !Number.isNaN(target[row] ?? NaN));
  refuseTooLittle(request, table, known);
  const random = seededRandom(request.seed);
  const halves = splitRows(known, request.test, table.splitBy, random);
  refuseOneClass(request, table, halves);
  refuseUndecidable(request, table);
  const parts = request.folds < 2 ? 1 : request.folds + 1;
  const fitted = fitBody(request, table, halves.train, random, (share, curve) => onProgress(share / parts, curve));
  const folds =
    parts === 1
      ? []
      : crossValidate(request, table, halves.train, (share) => onProgress((1 + share * (parts - 1)) / parts));
  const judge = request.task === 'classification' ? judgeClasses : judgeNumbers;
  const judged = judge(fitted, table, halves.test, random);
  const { algorithm, task } = request;
  const withoutTarget = table.count - known.length;
  const lay = layOf(table.features, table.columns, halves.train);
  const report: ModelReport = {
    task,
    algorithm,
    target: request.target,
    rows: { train: halves.train.length, test: halves.test.length, withoutTarget },
    ...judged.report,
    ...(folds.length === 0 ? {} : { folds }),
    ...decisionsOf(request, table, judged.scored),
    ...partialOf(fitted.body, table, halves.test, lay, judged.report.importance ?? []),
    lay: { features: lay, score: scoresOf(judged.scored, table.classes.length) },
    notes: [
      ...judged.report.notes,
      ...(withoutTarget > 0
        ? [worded(say('rows left out because they have no target: {count}', { count: withoutTarget }))]
        : []),
    ],
  };
  return { body: fitted.body, report, scored: judged.scored };
}

/** Of more classes than these there are too many lines to tell apart. */
const MOST_CLASSES = 6;

function partialOf(
  body: Body,
  { columns, classes, features }: TrainTable,
  rows: Int32Array,
  lay: readonly Distribution[],
  importance: readonly FeatureImportance[],
): Pick<ModelReport, 'partial'> {
  if (body.kind === 'centroids' || classes.length > MOST_CLASSES) return {};
  const mean: Asked['mean'] = (asked) => {
    const all = Int32Array.from(asked[0]?.keys() ?? []);
    if (classes.length === 0) return [meanOf(numbers(body, asked, all))];
    const shares = likelihoods(body, asked, all, classes.length).map(meanOf);
    return shares.length === 2 ? shares.slice(1) : shares;
  };
  const places = importance.map((each) => features.findIndex(({ name }) => name === each.feature));
  const isTime = (feature: number) => features[feature]?.kind === 'time';
  return { partial: partialDependence(places, { columns, rows, lay, isTime, mean }) };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function decisionsOf({ decision }: TrainRequest, { target }: TrainTable, { rows, second }: Scored) {
  if (decision === null || second === null) return {};
  return { decisions: countDecisions(decision, second, (at) => target?.[rows[at] ?? 0] === 1) };
}

function refuseUndecidable({ decision, target }: TrainRequest, { classes }: TrainTable): void {
  if (decision === null || classes.length === 2) return;
  const message = say('`decision` needs a target of two classes: `{target}` has {count} ({classes})', {
    target: target ?? '',
    count: classes.length,
    classes: classes.slice(0, 5).join(', '),
  });
  throw new Fault('query-failed', message);
}

/** Of two classes the share of the positive one, of numbers what is predicted; of more classes there is no one score. */
function scoresOf({ second, prediction }: Scored, classes: number): Distribution | null {
  if (classes > 2) return null;
  return scoreDistribution(classes === 2 ? (second ?? new Float64Array()) : Float64Array.from(prediction));
}

function refuseTooLittle({ target }: TrainRequest, table: TrainTable, known: Int32Array): void {
  if (table.features.length === 0)
    throw new Fault('query-failed', 'no column is left to learn from: name some in `features`');
  if (known.length >= FEWEST_ROWS) return;
  const message = say('{known} rows with a `{target}` are too few to learn from: at least {least} are needed', {
    known: known.length,
    target: target ?? '',
    least: FEWEST_ROWS,
  });
  throw new Fault('query-failed', message);
}

function refuseOneClass({ task, target }: TrainRequest, table: TrainTable, { train: rows }: Halves): void {
  if (task !== 'classification') return;
  const found = new Set(Array.from(rows, (row) => table.target?.[row] ?? NaN));
  if (found.size >= 2) return;
  const only = table.classes[[...found][0] ?? 0] ?? '';
  throw new Fault(
    'query-failed',
    say('`{target}` is `{only}` in every row that is learned from: a classification needs two classes', {
      target: target ?? '',
      only,
    }),
  );
}

import type { Algorithm, DecisionRule, Distribution, ModelReport, ModelTask, ParamValues } from '@datacraft/shared';
import { countDecisions, Fault, say } from '@datacraft/shared';
import { crossValidate } from './cross-validate.ts';
import { distributionOf, scoreDistribution } from './distribution.ts';
import type { Progress } from './forest.ts';
import type { Body } from './predict.ts';
import { fitBody } from './fit-body.ts';
import type { Halves } from './split.ts';
import { splitRows } from './split.ts';
import { judgeClasses, judgeNumbers } from './judge.ts';
import { clusterOf, fitClusters } from './kmeans.ts';
import { seededRandom } from './random.ts';
import type { TrainTable } from './table.ts';

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
  if (request.task === 'clustering') return cluster(request, table, onProgress);
  const target = table.target ?? new Float64Array();
  const known = Int32Array.from(target.keys()).filter((row) => !Number.isNaN(target[row] ?? NaN));
  refuseTooLittle(request, table, known);
  const random = seededRandom(request.seed);
  const halves = splitRows(known, request.test, table.splitBy, random);
  refuseOneClass(request, table, halves);
  refuseUndecidable(request, table);
  const parts = request.folds < 2 ? 1 : request.folds + 1;
  const fitted = fitBody(request, table, halves.train, random, (share) => onProgress(share / parts));
  const folds =
    parts === 1
      ? []
      : crossValidate(request, table, halves.train, (share) => onProgress((1 + share * (parts - 1)) / parts));
  const judge = request.task === 'classification' ? judgeClasses : judgeNumbers;
  const judged = judge(fitted, table, halves.test, random);
  const { algorithm, task } = request;
  const withoutTarget = table.count - known.length;
  const report: ModelReport = {
    task,
    algorithm,
    target: request.target,
    rows: { train: halves.train.length, test: halves.test.length, withoutTarget },
    ...judged.report,
    ...(folds.length === 0 ? {} : { folds }),
    ...decisionsOf(request, table, judged.scored),
    lay: { features: layOf(table, halves.train), score: scoresOf(judged.scored, table.classes.length) },
    notes: [
      ...judged.report.notes,
      ...(withoutTarget > 0 ? [`${withoutTarget} rows without a target were left out`] : []),
    ],
  };
  return { body: fitted.body, report, scored: judged.scored };
}

function decisionsOf({ decision }: TrainRequest, { target }: TrainTable, { rows, second }: Scored) {
  if (decision === null || second === null) return {};
  return { decisions: countDecisions(decision, second, (at) => target?.[rows[at] ?? 0] === 1) };
}

function refuseUndecidable({ decision, target }: TrainRequest, { classes }: TrainTable): void {
  if (decision === null || classes.length === 2) return;
  const message = `\`decision\` needs a target of two classes: \`${target ?? ''}\` has ${classes.length} (${classes.slice(0, 5).join(', ')})`;
  throw new Fault('query-failed', message);
}

function layOf({ features, columns }: TrainTable, rows: Int32Array): Distribution[] {
  return features.map((feature, at) => distributionOf(feature, columns[at] ?? new Float64Array(), rows));
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
  const message = `${known.length} rows with a \`${target ?? ''}\` are too few to learn from: at least ${FEWEST_ROWS} are needed`;
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

function cluster(request: TrainRequest, table: TrainTable, onProgress: Progress): Trained {
  const rows = Int32Array.from({ length: table.count }, (_, row) => row);
  const { clusters, steps, restarts } = request.params;
  if (table.features.length === 0)
    throw new Fault('query-failed', 'no column is left to group by: name some in `features`');
  if (rows.length < Number(clusters))
    throw new Fault(
      'query-failed',
      say('{rows} rows cannot be {clusters} clusters: ask for fewer', {
        rows: rows.length,
        clusters: String(clusters),
      }),
    );
  const params = { clusters: Number(clusters), steps: Number(steps), restarts: Number(restarts) };
  const random = seededRandom(request.seed);
  const { model, inertia } = fitClusters(table.features, table.columns, rows, params, random, onProgress);
  const found = Array.from(rows, (row) => clusterOf(model, table.columns, row));
  const sizes = model.centroids.map((_, at) => found.filter((each) => each.center === at).length);
  const report: ModelReport = {
    task: 'clustering',
    algorithm: request.algorithm,
    target: null,
    rows: { train: rows.length, test: 0, withoutTarget: 0 },
    metrics: { inertia, clusters: model.centroids.length },
    clusters: sizes.map((count, at) => ({ cluster: at, rows: count })),
    lay: { features: layOf(table, rows), score: null },
    notes: [],
  };
  const prediction = Int32Array.from(found, (each) => each.center);
  return {
    body: model,
    report,
    scored: { rows, prediction, second: Float64Array.from(found, (each) => each.distance) },
  };
}

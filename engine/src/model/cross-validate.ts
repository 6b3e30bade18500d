import type { FoldReport } from '@datacraft/shared';
import { classMetrics } from './class-metrics.ts';
import { fitBody } from './fit-body.ts';
import type { Progress } from './forest.ts';
import { numberMetrics } from './number-metrics.ts';
import { likelihoods, numbers } from './predict.ts';
import { seededRandom } from './random.ts';
import type { Fold } from './split.ts';
import { foldRows } from './split.ts';
import type { TrainTable } from './table.ts';
import type { TrainRequest } from './train.ts';

/** How well models do that are learned from all folds but one, each judged on that one: the hold-out stays unseen. */
export function crossValidate(
  request: TrainRequest,
  table: TrainTable,
  rows: Int32Array,
  onProgress: Progress,
): FoldReport[] {
  const folds = foldRows(rows, request.folds, table.splitBy, seededRandom(request.seed));
  return folds.map((fold, at) => {
    const metrics = judged(request, table, fold);
    onProgress((at + 1) / folds.length);
    return { train: fold.train.length, test: fold.test.length, metrics };
  });
}

function judged(request: TrainRequest, table: TrainTable, { train, test }: Fold): FoldReport['metrics'] {
  const { body } = fitBody(request, table, train, seededRandom(request.seed), () => {});
  const target = table.target ?? new Float64Array();
  if (request.task === 'regression') {
    const actual = Float64Array.from(test, (row) => target[row] ?? 0);
    return { ...numberMetrics(actual, numbers(body, table.columns, test)) };
  }
  const actual = Int32Array.from(test, (row) => target[row] ?? 0);
  return { ...classMetrics(actual, likelihoods(body, table.columns, test, table.classes.length)) };
}

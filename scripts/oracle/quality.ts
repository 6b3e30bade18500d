import { classMetrics } from '../../engine/src/model/class-metrics.ts';
import { numberMetrics } from '../../engine/src/model/number-metrics.ts';
import { codesOf } from '../../engine/src/model/feature.ts';
import { classesOf } from '../../engine/src/model/table.ts';
import type { Answers } from './learner.ts';
import { foldOf, FOLDS } from './learner.ts';
import type { OracleTable } from './tables.ts';

/** By name, each the higher the better: the mean over the folds. RMSE is a share of the target's spread, below zero. */
export type Quality = Readonly<Record<string, number>>;

export function qualityOf(table: OracleTable, answers: Answers): Quality {
  const rows = Array.from(table.target.keys());
  const each = Array.from({ length: FOLDS }, (_, fold) =>
    ofRows(
      table,
      answers,
      rows.filter((row) => foldOf(row) === fold),
    ),
  );
  return Object.fromEntries(
    Object.keys(each[0] ?? {}).map((name) => [name, each.reduce((sum, own) => sum + (own[name] ?? NaN), 0) / FOLDS]),
  );
}

function ofRows({ task, target }: OracleTable, answers: Answers, rows: readonly number[]): Quality {
  const own = answers.map((values) => Float64Array.from(rows, (row) => values[row] ?? NaN));
  if (task === 'regression') {
    const actual = Float64Array.from(rows, (row) => Number(target[row]));
    const mean = actual.reduce((sum, value) => sum + value, 0) / actual.length;
    const spread = Math.sqrt(actual.reduce((sum, value) => sum + (value - mean) ** 2, 0) / actual.length);
    return { rmse: -numberMetrics(actual, own[0] ?? new Float64Array()).rmse / spread };
  }
  const classes = classesOf(target.map(String));
  const actual = Int32Array.from(
    codesOf(
      rows.map((row) => String(target[row])),
      classes,
      false,
    ),
  );
  const { f1, auc } = classMetrics(actual, own);
  return { f1, auc: auc ?? NaN };
}

import type { FeatureImportance, ModelReport } from '@datacraft/shared';
import { classMetrics, confusionOf, mostLikely } from './class-metrics.ts';
import { calibrationOf, rocOf } from './curve.ts';
import type { Columns } from './feature.ts';
import type { FittedBody } from './fit-body.ts';
import { permutationImportance } from './importance.ts';
import { leaksOfClasses, leaksOfNumbers } from './leak.ts';
import { numberMetrics } from './number-metrics.ts';
import { likelihoods, numbers } from './predict.ts';
import type { Random } from './random.ts';
import type { TrainTable } from './table.ts';
import type { Scored } from './train.ts';

export interface JudgedModel {
  readonly report: Omit<ModelReport, 'task' | 'algorithm' | 'target' | 'rows'>;
  readonly scored: Scored;
}

const RESIDUALS = 400;

export function judgeClasses(fitted: FittedBody, table: TrainTable, rows: Int32Array, random: Random): JudgedModel {
  const { classes } = table;
  const actualOf = (some: Int32Array) => Int32Array.from(some, (row) => table.target?.[row] ?? 0);
  const likely = likelihoods(fitted.body, table.columns, rows, classes.length);
  const predicted = mostLikely(likely);
  const actual = actualOf(rows);
  const score = (columns: Columns, some: Int32Array) => {
    const shares = likelihoods(
      fitted.body,
      columns,
      some.map((_, at) => at),
      classes.length,
    );
    const found = classMetrics(actualOf(some), shares);
    return found.auc ?? found.accuracy;
  };
  const isTwo = classes.length === 2;
  const positive = Array.from(actual, (value) => value === 1);
  const own = likely[1] ?? new Float64Array();
  return {
    report: {
      metrics: { ...classMetrics(actual, likely) },
      classes,
      confusion: confusionOf(actual, predicted, classes.length),
      ...(isTwo ? { roc: rocOf(positive, own), calibration: calibrationOf(positive, own) } : {}),
      importance: importanceOf(fitted, table, permutationImportance({ columns: table.columns, rows, score }, random)),
      ...(fitted.curve.length > 0 ? { curve: fitted.curve } : {}),
      notes: leaksOfClasses(table, rows),
    },
    scored: { rows, prediction: predicted, second: isTwo ? own : mostOf(likely, predicted) },
  };
}

function mostOf(likely: readonly Float64Array[], predicted: Int32Array): Float64Array {
  return Float64Array.from(predicted, (label, at) => likely[label]?.[at] ?? 0);
}

export function judgeNumbers(fitted: FittedBody, table: TrainTable, rows: Int32Array, random: Random): JudgedModel {
  const actualOf = (some: Int32Array) => Float64Array.from(some, (row) => table.target?.[row] ?? 0);
  const actual = actualOf(rows);
  const predicted = numbers(fitted.body, table.columns, rows);
  const score = (columns: Columns, some: Int32Array) =>
    -numberMetrics(
      actualOf(some),
      numbers(
        fitted.body,
        columns,
        some.map((_, at) => at),
      ),
    ).rmse;
  const step = Math.max(1, Math.ceil(rows.length / RESIDUALS));
  const shown = Array.from(rows.keys()).filter((at) => at % step === 0);
  return {
    report: {
      metrics: { ...numberMetrics(actual, predicted) },
      importance: importanceOf(fitted, table, permutationImportance({ columns: table.columns, rows, score }, random)),
      ...(fitted.curve.length > 0 ? { curve: fitted.curve } : {}),
      residuals: shown.map((at) => ({ actual: actual[at] ?? 0, predicted: predicted[at] ?? 0 })),
      notes: leaksOfNumbers(table, rows),
    },
    scored: { rows, prediction: predicted, second: null },
  };
}

function importanceOf(fitted: FittedBody, table: TrainTable, lost: readonly number[]): FeatureImportance[] {
  return table.features
    .map(({ name }, at) => ({ feature: name, gain: fitted.gain?.[at] ?? null, permutation: lost[at] ?? 0 }))
    .sort((a, b) => b.permutation - a.permutation || (a.feature < b.feature ? -1 : 1));
}

import type { Algorithm } from '../../shared/src/index.ts';
import { resolveParams } from '../../shared/src/index.ts';
import type { Feature } from '../../engine/src/model/feature.ts';
import { codesOf, levelsOf, numberFeature } from '../../engine/src/model/feature.ts';
import { fitBody } from '../../engine/src/model/fit-body.ts';
import type { Learned } from '../../engine/src/model/predict.ts';
import { likelihoods, numbers } from '../../engine/src/model/predict.ts';
import { seededRandom } from '../../engine/src/model/random.ts';
import type { TrainTable } from '../../engine/src/model/table.ts';
import { classesOf } from '../../engine/src/model/table.ts';
import type { OracleTable } from './tables.ts';

export interface Candidate {
  readonly algorithm: Algorithm;
  readonly params: Readonly<Record<string, number>>;
}

/** What a learner says of rows it did not see: shares of each class, or one list of numbers. */
export type Answers = readonly Float64Array[];

export const FOLDS = 5;
/** Rows are drawn independently: their order is as good as a shuffle. */
export const foldOf = (row: number): number => row % FOLDS;

export function trainTable({ columns, target, task }: OracleTable): TrainTable {
  const encoded = Object.entries(columns).map(([name, values]) => encode(name, values));
  const isClass = task === 'classification';
  const classes = isClass ? classesOf(target.map(String)) : [];
  return {
    features: encoded.map(({ feature }) => feature),
    columns: encoded.map(({ values }) => values),
    count: target.length,
    target: isClass ? codesOf(target.map(String), classes, false) : Float64Array.from(target, Number),
    classes,
    splitBy: { kind: 'random' },
  };
}

function encode(name: string, column: readonly (number | string | null)[]): { feature: Feature; values: Float64Array } {
  if (column.every((value) => typeof value !== 'string')) {
    const values = Float64Array.from(column, (value) => (value === null ? NaN : value));
    return { feature: numberFeature(name, 'number', 'DOUBLE', values), values };
  }
  const words = column.map((value) => (value === null ? null : String(value)));
  const { levels, pooled } = levelsOf(words);
  const range = { nullable: words.includes(null), min: null, max: null, mean: null };
  const feature: Feature = { name, kind: 'category', type: 'VARCHAR', levels, pooled, ...range };
  return { feature, values: codesOf(words, levels, pooled) };
}

/** Learns from the rows of all folds but one and answers for that one, for each fold; rows come back in their order. */
export function crossAnswers(table: OracleTable, { algorithm, params }: Candidate): Answers {
  const read = trainTable(table);
  const all = Int32Array.from({ length: read.count }, (_, row) => row);
  const outputs = Math.max(1, read.classes.length);
  const answers = Array.from({ length: outputs }, () => new Float64Array(read.count));
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const test = all.filter((row) => foldOf(row) === fold);
    const found = fitAndAnswer(
      read,
      { algorithm, params },
      all.filter((row) => foldOf(row) !== fold),
      test,
    );
    for (const [output, values] of found.entries())
      for (const [at, row] of test.entries()) (answers[output] ?? new Float64Array())[row] = values[at] ?? NaN;
  }
  return answers;
}

function fitAndAnswer(table: TrainTable, candidate: Candidate, train: Int32Array, test: Int32Array): Answers {
  return answersFrom(fit(table, candidate, train), table, test);
}

export function fit(table: TrainTable, { algorithm, params }: Candidate, train: Int32Array): Learned {
  const task = table.classes.length > 0 ? 'classification' : 'regression';
  const request = {
    task,
    algorithm,
    params: resolveParams(algorithm, params),
    seed: 42,
    test: 0.2,
    target: null,
    decision: null,
    folds: 0,
  } as const;
  return fitBody(request, table, train, seededRandom(42), () => {}).body;
}

export function answersFrom(body: Learned, { columns, classes }: TrainTable, test: Int32Array): Answers {
  return classes.length > 0 ? likelihoods(body, columns, test, classes.length) : [numbers(body, columns, test)];
}

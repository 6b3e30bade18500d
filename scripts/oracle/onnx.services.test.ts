import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelTask } from '../../shared/src/index.ts';
import { codesOf } from '../../engine/src/model/feature.ts';
import { clusterOf, fitClusters } from '../../engine/src/model/kmeans.ts';
import type { ModelFile } from '../../engine/src/model/model-file.ts';
import { encodeModel } from '../../engine/src/model/model-file.ts';
import { mostLikely } from '../../engine/src/model/class-metrics.ts';
import { seededRandom } from '../../engine/src/model/random.ts';
import type { TrainTable } from '../../engine/src/model/table.ts';
import { exportOnnx } from '../../engine/src/onnx/export.ts';
import { useServices } from '../services/for-tests.ts';
import type { Candidate } from './learner.ts';
import { answersFrom, fit, trainTable } from './learner.ts';
import { askOnnxRuntime } from './onnx-runtime.ts';
import type { OracleTable } from './tables.ts';
import { generatedTables } from './tables.ts';

const env = useServices('sklearn');
const ROWS = 1500;
const LEARNED = 1200;
let dir = '';
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'datacraft-onnx-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

const forest: Candidate = { algorithm: 'random_forest', params: { trees: 20 } };
const boosted: Candidate = { algorithm: 'gradient_boosting', params: { trees: 30, early_stopping: 0 } };
const logistic: Candidate = { algorithm: 'logistic_regression', params: {} };
const linear: Candidate = { algorithm: 'linear_regression', params: {} };
const NEVER = 'never seen in training';

function tableNamed(name: string): OracleTable {
  const table = generatedTables(ROWS).find((each) => each.name === name);
  if (table === undefined) throw new Error(`no table is called ${name}`);
  return table;
}

/** Every tenth row lacks what may be missing, every eleventh has categories that nobody saw. */
function asked({ columns }: OracleTable, { features }: TrainTable): OracleTable['columns'] {
  const changed = features.map(({ name, kind, nullable }) => {
    const values = (columns[name] ?? []).map((value, row) =>
      kind === 'category' && row % 11 === 0 ? NEVER : nullable && row % 10 === 0 ? null : value,
    );
    return [name, values] as const;
  });
  return Object.fromEntries(changed);
}

/** As we take them: a category never seen is the pooled one, else missing. */
function encoded(columns: OracleTable['columns'], { features }: TrainTable): Float64Array[] {
  return features.map(({ name, kind, levels, pooled }) => {
    const values = columns[name] ?? [];
    if (kind !== 'category') return Float64Array.from(values, (value) => (value === null ? NaN : Number(value)));
    return codesOf(
      values.map((value) => (value === null ? null : String(value))),
      levels,
      pooled,
    );
  });
}

/** A missing category is the text that says so. */
function texts(columns: OracleTable['columns'], { features }: TrainTable): OracleTable['columns'] {
  const isText = new Set(features.flatMap(({ name, kind }) => (kind === 'category' ? [name] : [])));
  const written = Object.entries(columns).map(([name, values]) => [
    name,
    isText.has(name) ? values.map((value) => value ?? '') : values,
  ]);
  return Object.fromEntries(written) as OracleTable['columns'];
}

function fileOf(
  table: OracleTable,
  { features, classes }: TrainTable,
  body: ModelFile['body'],
  task: ModelTask = table.task,
) {
  const target = { name: 'y', type: 'VARCHAR' };
  const own = { task, algorithm: 'random_forest', target, classes, features, keys: [], seed: 42, body } as const;
  return encodeModel(own);
}

function closest(own: ArrayLike<number>, other: readonly number[]): number {
  return Array.from(own).reduce(
    (most, value, row) => Math.max(most, Math.abs(value - (other[row] ?? NaN)) / Math.max(1, Math.abs(value))),
    0,
  );
}

describe.each([
  ['credit', forest],
  ['credit', boosted],
  ['credit', logistic],
  ['segments', forest],
  ['segments', boosted],
  ['segments', logistic],
  ['friedman', forest],
  ['rents', boosted],
  ['rents', linear],
] as const)('%s by %o', (name, candidate) => {
  it('onnxruntime says what we say, of missing values and of categories that nobody saw too', async () => {
    const table = tableNamed(name);
    const read = trainTable(table);
    const rows = Int32Array.from({ length: LEARNED }, (_, row) => row);
    const body = fit(read, candidate, rows);
    const columns = asked(table, read);
    const all = Int32Array.from({ length: ROWS }, (_, row) => row);
    const own = answersFrom(body, { ...read, columns: encoded(columns, read) }, all);
    const onnx = exportOnnx(fileOf(table, read, body), name);
    const { answers, facts } = await askOnnxRuntime(env['SKLEARN_BIN'] ?? '', dir, onnx, texts(columns, read));
    expect(facts['model']).toBe(name);
    if (table.task === 'regression') {
      const found = (answers['prediction'] ?? []).map((each) => Number(Array.isArray(each) ? each[0] : each));
      expect(closest(own[0] ?? [], found)).toBeLessThan(1e-6);
      return;
    }
    const likely = (answers['probabilities'] ?? []) as readonly (readonly number[])[];
    for (const [k, values] of own.entries())
      expect(
        closest(
          values,
          likely.map((each) => each[k] ?? NaN),
        ),
      ).toBeLessThan(1e-6);
    const labels = Array.from(mostLikely(own), (label) => read.classes[label]);
    const same = labels.filter((label, row) => label === answers['label']?.[row]).length;
    expect(same).toBeGreaterThanOrEqual(ROWS - 1); // Two classes as likely as each other may be told apart by a last bit.
  });
});

it('onnxruntime finds the cluster and the distance that we find', async () => {
  const table = tableNamed('credit');
  const read = trainTable(table);
  const rows = Int32Array.from({ length: LEARNED }, (_, row) => row);
  const params = { clusters: 5, steps: 50, restarts: 2 };
  const { model } = fitClusters(read.features, read.columns, rows, params, seededRandom(42), () => {});
  const columns = asked(table, read);
  const own = Array.from({ length: ROWS }, (_, row) => clusterOf(model, encoded(columns, read), row));
  const onnx = exportOnnx(fileOf(table, read, model, 'clustering'), 'groups');
  const { answers } = await askOnnxRuntime(env['SKLEARN_BIN'] ?? '', dir, onnx, texts(columns, read));
  expect(answers['cluster']).toEqual(own.map(({ center }) => center));
  expect(
    closest(
      own.map(({ distance }) => distance),
      (answers['distance'] ?? []).map(Number),
    ),
  ).toBeLessThan(1e-6);
});

import { describe, expect, it } from 'vitest';
import { resolveParams } from '@datacraft/shared';
import type { Algorithm, ModelNote } from '@datacraft/shared';
import { inPortuguese } from '@datacraft/shared/portuguese';
import { codesOf, levelsOf, numberFeature } from './feature.ts';
import type { Feature } from './feature.ts';
import { encodeModel } from './model-file.ts';
import { decodeModel } from './open-model.ts';
import { likelihoods } from './predict.ts';
import type { Learned } from './predict.ts';
import { seededRandom } from './random.ts';
import type { TrainTable } from './table.ts';
import type { TrainRequest } from './train.ts';
import { train } from './train.ts';

const quiet = () => {};
const inBoth = (note: ModelNote | string) =>
  typeof note === 'string' ? note : [note.message, inPortuguese(note.said ?? note.message)];

/** Numbers x0…x4, one category, one that is missing now and then; the answer depends on x0, x1, x2·x3 and the category. */
function madeUp(count: number, seed: number) {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const numbersOf = () => Float64Array.from({ length: count }, normal);
  const x = [numbersOf(), numbersOf(), numbersOf(), numbersOf(), numbersOf()];
  const colors = ['red', 'blue', 'green', 'grey'];
  const color = Array.from({ length: count }, () => colors[Math.floor(random() * 4)] ?? null);
  const score = Float64Array.from({ length: count }, (_, row) => {
    const at = (feature: number) => x[feature]?.[row] ?? 0;
    const tint = color[row] === 'red' ? 1.5 : color[row] === 'blue' ? -1.5 : 0;
    return 1.5 * at(0) - 1.2 * at(1) + at(2) * at(3) + tint;
  });
  const holes = Float64Array.from(x[0] ?? [], (value) => (random() < 0.2 ? NaN : value + normal()));
  const { levels, pooled } = levelsOf(color);
  const category: Feature = { ...numberFeature('color', 'category', 'VARCHAR', new Float64Array()), levels, pooled };
  const features = [
    ...x.map((values, at) => numberFeature(`x${at}`, 'number', 'DOUBLE', values)),
    numberFeature('holes', 'number', 'DOUBLE', holes),
    category,
  ];
  return { features, columns: [...x, holes, codesOf(color, levels, pooled)], score, random, count };
}

function tableOf(kind: 'two' | 'three' | 'number', count = 3000, seed = 1): TrainTable {
  const { features, columns, score, random } = madeUp(count, seed);
  const drawn = score.map((value) => {
    if (kind === 'number') return value + 0.3 * random();
    if (kind === 'two') return random() < 1 / (1 + Math.exp(-2 * value)) ? 1 : 0;
    return value < -1 ? 0 : value < 1 ? 1 : 2;
  });
  const classes = kind === 'two' ? ['no', 'yes'] : kind === 'three' ? ['low', 'middle', 'high'] : [];
  return { features, columns, count, target: drawn, classes, splitBy: { kind: 'random' } };
}

function request(task: TrainRequest['task'], algorithm: Algorithm, given = {}): TrainRequest {
  return {
    task,
    algorithm,
    params: resolveParams(algorithm, given),
    seed: 7,
    test: 0.25,
    target: 'answer',
    decision: null,
    folds: 0,
  };
}

describe('learners', () => {
  it.each([
    ['gradient_boosting', 0.91],
    ['random_forest', 0.9],
    ['logistic_regression', 0.85],
  ] as const)('%s tells two classes apart', (algorithm, wanted) => {
    const { report } = train(request('classification', algorithm), tableOf('two'), quiet);
    expect(report.metrics['auc']).toBeGreaterThan(wanted);
    expect(report.confusion?.flat().reduce((a, b) => a + b)).toBe(report.rows.test);
    expect(report.roc?.at(-1)).toMatchObject({ falsePositives: 1, truePositives: 1 });
    expect(report.importance?.slice(0, 3).map((each) => each.feature)).toContain('x1');
  });

  it.each([
    ['gradient_boosting', 0.83],
    ['random_forest', 0.75],
    ['logistic_regression', 0.7],
  ] as const)('%s tells three classes apart', (algorithm, wanted) => {
    const { report, body } = train(request('classification', algorithm), tableOf('three'), quiet);
    expect(report.metrics['accuracy']).toBeGreaterThan(wanted);
    const likely = likelihoods(body as Learned, tableOf('three').columns, [0, 1, 2], 3);
    for (const row of [0, 1, 2]) expect(likely.reduce((sum, each) => sum + (each[row] ?? 0), 0)).toBeCloseTo(1, 9);
  });

  it.each([
    ['gradient_boosting', 0.9],
    ['random_forest', 0.75],
    ['linear_regression', 0.6],
  ] as const)('%s follows a number', (algorithm, wanted) => {
    const { report } = train(request('regression', algorithm), tableOf('number'), quiet);
    expect(report.metrics['r2']).toBeGreaterThan(wanted);
  });

  it('the same rows and seed give the same bytes, another seed gives others', () => {
    const bytes = (seed: number, algorithm: Algorithm) => {
      const asked = { ...request('classification', algorithm, { trees: 10 }), seed };
      const table = tableOf('two', 600);
      const { body } = train(asked, table, quiet);
      const file = { task: asked.task, algorithm, target: null, classes: table.classes, features: table.features };
      return Buffer.from(encodeModel({ ...file, keys: [], seed, body })).toString('base64');
    };
    for (const algorithm of ['random_forest', 'gradient_boosting'] as const) {
      expect(bytes(1, algorithm)).toBe(bytes(1, algorithm));
      expect(bytes(1, algorithm)).not.toBe(bytes(2, algorithm));
    }
  });

  it('a model that was written and read scores as before', () => {
    const table = tableOf('two', 800);
    const { body } = train(request('classification', 'random_forest', { trees: 15 }), table, quiet);
    const { features, classes } = table;
    const written = encodeModel({
      task: 'classification',
      algorithm: 'random_forest',
      target: null,
      classes,
      features,
      keys: [],
      seed: 7,
      body,
    });
    const read = decodeModel(written).body as Learned;
    const rows = Array.from({ length: 800 }, (_, row) => row);
    expect(likelihoods(read, table.columns, rows, 2)).toEqual(likelihoods(body as Learned, table.columns, rows, 2));
  });

  it('boosting stops early when more trees no longer help on rows held back', () => {
    const { report } = train(request('classification', 'gradient_boosting', { trees: 500 }), tableOf('two'), quiet);
    const curve = report.curve ?? [];
    expect(curve.length).toBeLessThan(500);
    const best = Math.min(...curve.map((each) => each.validation ?? 0));
    expect(curve.at(-21)?.validation).toBeCloseTo(best, 9);
  });

  it('balanced class weights find more of a rare class', () => {
    const table = tableOf('two');
    const rare = {
      ...table,
      target: (table.target ?? new Float64Array()).map((value, row) => (value === 1 && row % 10 === 0 ? 1 : 0)),
    };
    const recall = (given: object) =>
      train(request('classification', 'random_forest', given), rare, quiet).report.metrics['recall'] ?? 0;
    expect(recall({ class_weight: 'balanced', min_leaf: 20 })).toBeGreaterThan(recall({ min_leaf: 20 }));
  });

  it('missing values are learned from: where they tell something, they are used', () => {
    const random = seededRandom(3);
    const values = Float64Array.from({ length: 500 }, () => (random() < 0.5 ? NaN : random()));
    const target = values.map((value) => (Number.isNaN(value) ? 1 : 0));
    const table: TrainTable = {
      features: [numberFeature('x', 'number', 'DOUBLE', values)],
      columns: [values],
      count: 500,
      target,
      classes: ['0', '1'],
      splitBy: { kind: 'random' },
    };
    for (const algorithm of ['gradient_boosting', 'random_forest', 'logistic_regression'] as const)
      expect(train(request('classification', algorithm), table, quiet).report.metrics['accuracy']).toBe(1);
  });

  it('a feature that is the answer is pointed out', () => {
    const table = tableOf('two', 500);
    const leak = { ...table, columns: table.columns.with(4, table.target ?? new Float64Array()) };
    const { report } = train(request('classification', 'gradient_boosting'), leak, quiet);
    expect(report.notes.map(inBoth)).toEqual([
      [
        '`x4` alone tells the classes apart: make sure that it is known before the answer is',
        '`x4` sozinho separa as classes: confira se ele é conhecido antes da resposta',
      ],
    ]);
  });

  it('so is one that tells one of many classes from all others', () => {
    const table = tableOf('three', 500);
    const own = (table.target ?? new Float64Array()).map((value) => (value === 1 ? 1 : 0));
    const { notes } = train(
      request('classification', 'random_forest', { trees: 5 }),
      { ...table, columns: table.columns.with(4, own) },
      quiet,
    ).report;
    expect(notes).toMatchObject([{ message: expect.stringContaining('`x4` alone'), warns: true }]);
    const honest = train(request('classification', 'random_forest', { trees: 5 }), table, quiet).report;
    expect(honest.notes).toEqual([]);
  });

  it('so is one that gives it away by its categories, by being missing, or as a number of another scale', () => {
    const table = tableOf('two', 500);
    const target = table.target ?? new Float64Array();
    const category = {
      ...numberFeature('status', 'category', 'VARCHAR', new Float64Array()),
      levels: ['open', 'paid', 'lost'],
    };
    const codes = target.map((value, row) => (value === 1 ? 2 : row % 2));
    const gaps = target.map((value, row) => (value === 1 ? NaN : row));
    const features = [...table.features, category, numberFeature('paid_on', 'time', 'DATE', gaps)];
    const leak = { ...table, features, columns: [...table.columns, codes, gaps] };
    const { notes } = train(request('classification', 'random_forest', { trees: 5 }), leak, quiet).report;
    expect(notes.map(inBoth)).toEqual([
      [expect.stringContaining('`status` alone'), expect.stringContaining('`status` sozinho')],
      [expect.stringContaining('`paid_on` alone'), expect.stringContaining('`paid_on` sozinho')],
    ]);

    const numbers = tableOf('number', 500);
    const scaled = (numbers.target ?? new Float64Array()).map((value) => 3 * value - 7);
    const wider = { ...numbers, columns: numbers.columns.with(0, scaled) };
    const of = (own: TrainTable) =>
      train(request('regression', 'random_forest', { trees: 5 }), own, quiet).report.notes;
    expect([of(numbers), of(wider).length]).toEqual([[], 1]);
  });

  it('k-means finds groups that lie apart', () => {
    const random = seededRandom(5);
    const group = Array.from({ length: 300 }, (_, row) => row % 3);
    const around = (center: number) => center + random() - 0.5;
    const columns = [
      Float64Array.from(group, (at) => around(at * 10)),
      Float64Array.from(group, (at) => around(at === 1 ? 8 : 0)),
    ];
    const features = columns.map((values, at) => numberFeature(`x${at}`, 'number', 'DOUBLE', values));
    const table: TrainTable = { features, columns, count: 300, target: null, classes: [], splitBy: { kind: 'random' } };
    const { scored, report } = train(request('clustering', 'kmeans'), table, quiet);
    const pairs = new Set(group.map((own, row) => `${own}:${scored.prediction[row] ?? ''}`));
    expect(pairs.size).toBe(3);
    expect(report.clusters?.map((each) => each.rows)).toEqual([100, 100, 100]);
  });

  it('one class, too few rows and no features are refused in words', () => {
    const table = tableOf('two', 100);
    const asked = request('classification', 'random_forest');
    expect(() => train(asked, { ...table, target: new Float64Array(100) }, quiet)).toThrow('needs two classes');
    expect(() => train(asked, { ...table, target: new Float64Array(100).fill(NaN) }, quiet)).toThrow('too few');
    expect(() => train(asked, { ...table, features: [], columns: [] }, quiet)).toThrow('no column is left');
  });
});

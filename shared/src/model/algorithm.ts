import type { algorithms, ModelTask } from '../document/spec/model.ts';

export type Algorithm = (typeof algorithms)[number];

/** What each task can be learned with; the first is the default. */
export const algorithmsOf: Readonly<Record<ModelTask, readonly Algorithm[]>> = {
  classification: ['gradient_boosting', 'random_forest', 'logistic_regression'],
  regression: ['gradient_boosting', 'random_forest', 'linear_regression'],
  clustering: ['kmeans'],
  forecast: ['seasonal'],
};

export interface ParamRule {
  readonly kind: 'integer' | 'number' | 'choice' | 'weights';
  readonly default: number | string | null;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** Names that other libraries give it. */
  readonly also?: readonly string[];
}

const trees: ParamRule = { kind: 'integer', default: 100, min: 1, max: 2000, also: ['n_estimators', 'iterations'] };
const depth: ParamRule = { kind: 'integer', default: 6, min: 1, max: 30, also: ['max_depth'] };
const minLeaf: ParamRule = { kind: 'integer', default: 20, min: 1, max: 100_000, also: ['min_samples_leaf'] };
const columns: ParamRule = { kind: 'number', default: null, min: 0.01, max: 1, also: ['max_features', 'colsample'] };
const bins: ParamRule = { kind: 'integer', default: 255, min: 8, max: 255, also: ['max_bins'] };
const weights: ParamRule = { kind: 'weights', default: null };
const l2: ParamRule = { kind: 'number', default: 1, min: 0, max: 1e9, also: ['alpha', 'lambda'] };

/** The parameters of each algorithm, by the name that the text form writes. */
export const paramsOf: Readonly<Record<Algorithm, Readonly<Record<string, ParamRule>>>> = {
  random_forest: {
    trees,
    depth: { ...depth, default: 16 },
    min_leaf: { ...minLeaf, default: 3 },
    columns,
    bins,
    class_weight: weights,
  },
  gradient_boosting: {
    trees: { ...trees, default: 200 },
    depth,
    min_leaf: minLeaf,
    learning_rate: { kind: 'number', default: 0.1, min: 0.001, max: 1, also: ['eta'] },
    l2: { ...l2, also: ['lambda', 'reg_lambda'] },
    columns,
    rows: { kind: 'number', default: 1, min: 0.05, max: 1, also: ['subsample'] },
    early_stopping: { kind: 'integer', default: 20, min: 0, max: 1000, also: ['early_stopping_rounds'] },
    bins,
    class_weight: weights,
  },
  logistic_regression: {
    l2,
    steps: { kind: 'integer', default: 25, min: 1, max: 200, also: ['max_iter', 'iterations'] },
    class_weight: weights,
  },
  linear_regression: { l2 },
  kmeans: {
    clusters: { kind: 'integer', default: 3, min: 2, max: 200, also: ['k', 'n_clusters'] },
    steps: { kind: 'integer', default: 100, min: 1, max: 1000, also: ['max_iter', 'iterations'] },
    restarts: { kind: 'integer', default: 5, min: 1, max: 50, also: ['n_init'] },
  },
  seasonal: {
    period: { kind: 'integer', default: null, min: 1, max: 1000, also: ['season', 'season_length'] },
    log: { kind: 'choice', default: 'auto', choices: ['auto', 'yes', 'no'] },
    /** Of a country, in a daily series. */
    holidays: { kind: 'choice', default: 'none', choices: ['none', 'BR'] },
  },
};

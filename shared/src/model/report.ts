import type { Json } from '../json.ts';
import type { ModelTask } from '../document/spec/model.ts';
import type { RunTrigger } from '../run/state.ts';
import type { Said } from '../said/said.ts';
import type { Algorithm } from './algorithm.ts';
import type { DecisionCount, DecisionRule } from './decision.ts';
import type { PromotionRule } from './promotion.ts';
import type { EndedRollout, RunningRollout } from './rollout.ts';

export interface FeatureImportance {
  readonly feature: string;
  /** Share of what all splits gained; null for models without trees. */
  readonly gain: number | null;
  /** What the score on the hold-out loses when the feature's values are mixed up. */
  readonly permutation: number;
}

/** What the model says on the whole when the feature has one value in all rows, all else left as it is. */
export interface PartialDependence {
  readonly feature: string;
  /** Points of time are seconds since 1970. */
  readonly kind: 'number' | 'time' | 'category';
  /** Of the hold-out, over which the means are. */
  readonly rows: number;
  readonly points: readonly {
    readonly at: number | string;
    /** Of the rows that were learned from, those that lie next to it. */
    readonly share: number;
    /** Of two classes the share of the second; of more those of each; of numbers what is predicted. */
    readonly means: readonly number[];
  }[];
}

/** The version that answered when this one was trained, on the same hold-out. It may have learned from some of its rows. */
export interface ChampionReport {
  readonly version: number;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** One fold: judged by a model that was learned from the others; of a series, by what came before it. */
export interface FoldReport {
  readonly train: number;
  readonly test: number;
  readonly metrics: Readonly<Record<string, number | null>>;
}

export interface DriverReport {
  readonly name: string;
  readonly effect: number;
  readonly from: number;
  readonly to: number;
}

/** A thing to know about a model: the English sentence, and how it was said if anything in it varies. */
export interface ModelNote {
  readonly message: string;
  readonly said?: Said;
  /** Somebody should look: what it says may be too good. */
  readonly warns?: true;
}

/** What is known of a trained model beside its bytes: how it was made and how well it does on the hold-out. */
export interface ModelReport {
  readonly task: ModelTask;
  readonly algorithm: Algorithm;
  readonly target: string | null;
  readonly rows: { readonly train: number; readonly test: number; readonly withoutTarget: number };
  /** By name: accuracy, f1, auc; rmse, mae, r2; inertia; mape. Null where it means nothing. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly classes?: readonly string[];
  /** Actual classes down, predicted across. */
  readonly confusion?: readonly (readonly number[])[];
  /** Of two classes: shares above falling thresholds. */
  readonly roc?: readonly {
    readonly threshold: number;
    readonly falsePositives: number;
    readonly truePositives: number;
  }[];
  readonly calibration?: readonly { readonly predicted: number; readonly actual: number; readonly rows: number }[];
  readonly champion?: ChampionReport;
  /** Of cross-validation over the rows that were learned from; of forecasts the back-test, the earliest origin first. */
  readonly folds?: readonly FoldReport[];
  /** On the hold-out. */
  readonly decisions?: readonly DecisionCount[];
  readonly importance?: readonly FeatureImportance[];
  /** Of the features that matter most, the first first. */
  readonly partial?: readonly PartialDependence[];
  /** Loss after each tree. */
  readonly curve?: readonly { readonly trees: number; readonly train: number; readonly validation: number | null }[];
  /** Of numbers: some rows of the hold-out. */
  readonly residuals?: readonly { readonly actual: number; readonly predicted: number }[];
  readonly clusters?: readonly { readonly cluster: number; readonly rows: number }[];
  /** Of forecasts. */
  readonly series?: {
    readonly period: number;
    readonly method: string;
    readonly log: boolean;
    readonly filled: number;
  };
  /** Of forecasts: what one unit more of a driver changes, in shares where `series.log`, and between which values it lies. */
  readonly drivers?: readonly DriverReport[];
  /** Of forecasts: the column of the table that says which one a step is of, and those there are. */
  readonly scenarios?: { readonly column: string; readonly names: readonly string[] };
  /** How the features lay in the rows that were learned from, and the scores on the hold-out: what drift is measured by. */
  readonly lay?: { readonly features: readonly Distribution[]; readonly score: Distribution | null };
  /** Reports that were stored before notes were said in more than one language have plain sentences. */
  readonly notes: readonly (ModelNote | string)[];
}

/** How the values of a column lie. `counts` are of the bins between the cuts, or of the labels. */
export interface Distribution {
  readonly name: string;
  readonly kind: 'number' | 'category';
  readonly cuts: readonly number[];
  readonly labels: readonly string[];
  readonly counts: readonly number[];
  readonly missing: number;
}

export type DriftVerdict = 'stable' | 'moved' | 'shifted';

/** One column: as it lay in training, and as it lies in what was asked lately. */
export interface DriftOf extends Pick<Distribution, 'name' | 'kind' | 'cuts' | 'labels'> {
  readonly psi: number;
  readonly verdict: DriftVerdict;
  /** Of numbers. */
  readonly ks: number | null;
  /** Of categories. */
  readonly chi2: number | null;
  /** Chance of such a distance without any drift; null when one side is empty. */
  readonly p: number | null;
  /** Shares. */
  readonly missing: { readonly training: number; readonly now: number };
  readonly training: readonly number[];
  readonly now: readonly number[];
}

/** Of fewer predictions nothing is concluded: a handful always lies elsewhere. */
export const FEWEST_DRIFT_ROWS = 200;

/** As `GET /api/v1/models/{name}/drift` tells it, over the latest predictions of one version. */
export interface ModelDrift {
  readonly model: string;
  readonly version: number;
  readonly rows: number;
  readonly from: string | null;
  readonly to: string | null;
  /** The features that drifted most come first. */
  readonly features: readonly DriftOf[];
  readonly score: DriftOf | null;
}

/** What a model wants of a row, as people and programs are told. */
export interface ModelInput {
  readonly name: string;
  readonly kind: 'number' | 'boolean' | 'time' | 'category';
  readonly type: string;
  readonly nullable: boolean;
  readonly levels: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

export interface ModelVersion {
  readonly version: number;
  readonly createdAt: string;
  readonly author: string | null;
  readonly aliases: readonly string[];
  readonly task: ModelTask;
  readonly algorithm: Algorithm;
  readonly params: Json;
  readonly seed: number;
  readonly metrics: ModelReport['metrics'];
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Snapshots of the tables it learned from, by `layer.name`. */
  readonly snapshots: Readonly<Record<string, string | null>>;
  /** That trained it, and what started that; null when its record is gone. */
  readonly run: { readonly runId: string; readonly trigger: RunTrigger } | null;
  /** What its cell said of promotion, and how the version that answered then did on the same hold-out. */
  readonly promote: PromotionRule | null;
  readonly champion: ChampionReport | null;
}

/** What a feature adds to one answer. */
export interface Contribution {
  readonly feature: string;
  readonly adds: number;
}

/** Why a model said what it said: `base` and all contributions are the score. */
export interface ModelExplanation {
  /** The class it is about; null for numbers. */
  readonly of: string | null;
  /** In what it is counted: log odds, the share of trees, or the target's own unit. */
  readonly scale: 'log-odds' | 'share' | 'target';
  readonly base: number;
  readonly score: number;
  /** The largest first. */
  readonly contributions: readonly Contribution[];
  /** The row, with what was looked up. */
  readonly input?: Readonly<Record<string, unknown>>;
}

/** A feature table that a model was trained with. */
export interface ModelLookup {
  /** `layer.name` */
  readonly relation: string;
  readonly entity: readonly string[];
  readonly features: readonly string[];
  readonly ttl: string | null;
}

/** What a model was asked, by whom, and what it said. */
export interface StoredPrediction {
  readonly id: string;
  readonly version: number;
  readonly input: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, unknown>>;
  /** What another version said of the same row, while one was rolled out; nobody was told. */
  readonly beside: { readonly version: number; readonly answer: Readonly<Record<string, unknown>> } | null;
  readonly askedBy: string | null;
  readonly askedAt: string;
}

/** A model as `GET /api/v1/models` lists it. */
export interface ModelListing {
  readonly name: string;
  readonly relation: string;
  readonly notebookId: string | null;
  readonly task: ModelTask;
  readonly algorithm: Algorithm;
  readonly target: string | null;
  readonly version: number;
  readonly metrics: ModelReport['metrics'];
  readonly createdAt: string;
}

/** A model as `GET /api/v1/models/{name}` tells it: the champion, unless another version is asked for. */
export interface ModelInfo extends ModelListing {
  readonly aliases: Readonly<Record<string, number>>;
  readonly classes: readonly string[];
  readonly decision: DecisionRule | null;
  readonly lookups: readonly ModelLookup[];
  readonly features: readonly ModelInput[];
  /** JSON Schema of a row to be scored. */
  readonly schema: Json;
  readonly report: ModelReport;
  readonly versions: readonly ModelVersion[];
  /** The version that runs beside the champion. */
  readonly rollout: RunningRollout | null;
  /** The latest first. */
  readonly rollouts: readonly EndedRollout[];
  readonly promotions: readonly {
    readonly version: number;
    readonly replaced: number | null;
    readonly by: string | null;
    readonly at: string;
  }[];
}

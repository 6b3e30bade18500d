import { z } from 'zod';
import type { Json } from '../../json.ts';
import type { Layer } from '../../relation/relation.ts';
import { promotionMetrics } from '../../model/promotion.ts';
import { type LimitsSpec, limitsKeys } from './limits.ts';
import { count, layer, names, tags, text, word } from './schema-parts.ts';

export const modelTasks = ['classification', 'regression', 'clustering', 'forecast'] as const;
export type ModelTask = (typeof modelTasks)[number];
export const algorithms = [
  'random_forest',
  'gradient_boosting',
  'logistic_regression',
  'linear_regression',
  'kmeans',
  'seasonal',
] as const;

export interface ModelSpec extends LimitsSpec {
  readonly task: ModelTask;
  /** The cell or `layer.name` it learns from. */
  readonly from: string;
  readonly time_column?: string;
  readonly target?: string;
  /** Default: all other columns; of a forecast, none: those listed are its drivers, known ahead. */
  readonly features?: string | readonly string[];
  /** Feature tables, by cell or `layer.name`: what was known of the row's entity at its `time_column`. */
  readonly feature_tables?: string | readonly string[];
  readonly algorithm?: (typeof algorithms)[number];
  readonly params?: Readonly<Record<string, Json>>;
  /** `by`: random, stratified, time (by `time_column`), or a column whose values stay together. */
  readonly split?: {
    readonly test?: number;
    readonly by?: string;
    readonly seed?: number;
    /** Also judged by so many models, each learned from all parts but one. */
    readonly folds?: number;
  };
  /** Of two classes: thresholds on the probability of the second. */
  readonly decision?: { readonly approve: number; readonly deny: number };
  /** A new version that does better than the champion on the same hold-out takes its place. */
  readonly promote?: { readonly metric: string; readonly margin?: number; readonly mode?: 'auto' | 'propose' };
  /** forecast */
  readonly horizon?: number;
  readonly level?: number;
  /** Which scenario a row to come is of. */
  readonly scenario_column?: string;
  readonly layer?: Layer;
  readonly description?: string;
  readonly tags?: readonly string[];
}

const threshold = z.number().min(0, 'expected a number from 0 to 1').max(1, 'expected a number from 0 to 1');
const share = z.number().gt(0, 'expected a number between 0 and 1').lt(1, 'expected a number between 0 and 1');

/** In canonical order. */
export const modelSchema = z.strictObject({
  task: z.enum(modelTasks),
  from: word,
  time_column: word.exactOptional(),
  target: word.exactOptional(),
  features: names.exactOptional(),
  feature_tables: names.exactOptional(),
  algorithm: z.enum(algorithms).exactOptional(),
  params: z.record(word, z.json()).exactOptional(),
  split: z
    .strictObject({
      test: share.exactOptional(),
      by: word.exactOptional(),
      seed: z.int().exactOptional(),
      folds: z.int().min(2, 'expected 2 to 20').max(20, 'expected 2 to 20').exactOptional(),
    })
    .exactOptional(),
  decision: z.strictObject({ approve: threshold, deny: threshold }).exactOptional(),
  promote: z
    .strictObject({
      metric: z.enum(promotionMetrics),
      margin: z.number().min(0, 'expected 0 or more').exactOptional(),
      mode: z.enum(['auto', 'propose']).exactOptional(),
    })
    .exactOptional(),
  horizon: count.exactOptional(),
  level: share.exactOptional(),
  scenario_column: word.exactOptional(),
  ...limitsKeys,
  layer: layer.exactOptional(),
  description: text.exactOptional(),
  tags: tags.exactOptional(),
}) satisfies z.ZodType<ModelSpec>;

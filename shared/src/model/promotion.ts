/** When a newly trained version takes the champion's place by itself. */
export interface PromotionRule {
  /** As reports name it: auc, f1, rmse… */
  readonly metric: string;
  readonly margin?: number;
  /** `propose`: only said, for somebody to promote. Default `auto`. */
  readonly mode?: 'auto' | 'propose';
}

export const promotionMetrics = ['auc', 'f1', 'accuracy', 'logloss', 'brier', 'r2', 'rmse', 'mae', 'mape'] as const;
const lowerIsBetter: ReadonlySet<string> = new Set(['logloss', 'brier', 'rmse', 'mae', 'mape']);

export type Metrics = Readonly<Record<string, number | null>>;

/** By how much the first does better than the second; null when one was not measured. */
export function gainOf(metric: string, challenger: Metrics, champion: Metrics): number | null {
  const [own, other] = [challenger[metric], champion[metric]];
  if (typeof own !== 'number' || typeof other !== 'number') return null;
  return lowerIsBetter.has(metric) ? other - own : own - other;
}

/** Whether the challenger has won by the rule's margin. */
export function hasWon({ metric, margin = 0 }: PromotionRule, challenger: Metrics, champion: Metrics): boolean {
  const gain = gainOf(metric, challenger, champion);
  return gain !== null && gain > 0 && gain >= margin;
}

/** Two thresholds on the probability of the second class: what is sure enough is decided, the rest is looked at by people. */
export interface DecisionRule {
  /** Approved on this side of it; below `deny` that is up to here, above it that is from here on. */
  readonly approve: number;
  readonly deny: number;
}

export const decisions = ['approve', 'review', 'deny'] as const;
export type Decision = (typeof decisions)[number];

/** Both thresholds belong to what they decide. */
export function decide({ approve, deny }: DecisionRule, probability: number): Decision {
  if (approve < deny) return probability <= approve ? 'approve' : probability >= deny ? 'deny' : 'review';
  return probability >= approve ? 'approve' : probability <= deny ? 'deny' : 'review';
}

/** How rows of the hold-out were decided, and how many of them were of the second class. */
export interface DecisionCount {
  readonly decision: Decision;
  readonly rows: number;
  readonly positives: number;
}

export function countDecisions(
  rule: DecisionRule,
  probabilities: ArrayLike<number>,
  isPositive: (row: number) => boolean,
): DecisionCount[] {
  const all = Array.from(probabilities, (probability, row) => ({ made: decide(rule, probability), row }));
  return decisions.map((decision) => {
    const own = all.filter(({ made }) => made === decision);
    return { decision, rows: own.length, positives: own.filter(({ row }) => isPositive(row)).length };
  });
}

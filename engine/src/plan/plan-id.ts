import { createHash } from 'node:crypto';
import type { Params } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { canonicalJson } from '../compile/meaning.ts';
import type { Plan } from './plan.ts';

/** What a plan is for and what it was made over, beside its stages. */
export interface PlanScope {
  readonly params: Params;
  readonly fullRefresh: boolean;
  /** Snapshots of the tables it knows, by `layer.name`: a publish of anybody makes it another plan. */
  readonly snapshots: ReadonlyMap<string, string>;
}

/**
 * Names a plan by all it decides: equal exactly when the same cells run for the same reasons over the same text, sources,
 * tables and parameters.
 */
export function planIdOf({ stages }: Plan, { params, fullRefresh, snapshots }: PlanScope): string {
  const parts = stages.map((stage) => [
    stage.cell,
    relationName(stage.relation),
    stage.action,
    stage.reason,
    stage.fingerprint,
    [...stage.readsStale],
  ]);
  const world = canonicalJson([parts, params, fullRefresh, Object.fromEntries(snapshots)]);
  return `plan_${createHash('sha256').update(world).digest('hex').slice(0, 32)}`;
}

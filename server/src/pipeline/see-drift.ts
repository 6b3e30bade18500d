import { loadModelVersions } from '@datacraft/engine';
import type { TriggerConfig } from '@datacraft/shared';
import { Fault, FEWEST_DRIFT_ROWS, say } from '@datacraft/shared';
import type { ServerEngine } from '../engine.ts';
import { driftNow } from '../model/drift-now.ts';
import { latestPredictions } from '../model/latest-predictions.ts';
import type { OpenedModel, Scorers } from '../model/scorers.ts';

export interface DriftSeen {
  /** The champion that was looked at. */
  readonly version: number;
  /** What lies elsewhere now, the furthest first. */
  readonly drifted: readonly string[];
}

/** What stands for what a model says, among the features. */
export const SCORE = '(score)';
const PSI = 0.25;
const LAST = 10_000;

/** What drifted of a model of this notebook, by its population stability index. */
export async function seeDrift(
  engine: ServerEngine,
  scorers: Scorers,
  notebookId: string | null,
  { model = '', psi = PSI, rows = FEWEST_DRIFT_ROWS }: Pick<TriggerConfig, 'model' | 'psi' | 'rows'>,
): Promise<DriftSeen> {
  const { db } = engine.run;
  const [newest] = await loadModelVersions(db, model);
  if (newest === undefined || newest.notebookId !== notebookId)
    throw new Fault(
      'not-found',
      say('this notebook has no model {model} yet: run it, or correct the trigger', { model }),
      { model },
    );
  const lately = ({ version }: OpenedModel) => latestPredictions(db, model, version, Math.max(LAST, rows));
  const { version, rows: seen, features, score } = await driftNow({ db, scorers }, model, 'champion', lately);
  if (seen < rows) return { version, drifted: [] };
  const far = features.filter((each) => each.psi > psi).map((each) => each.name);
  return { version, drifted: [...far, ...(score !== null && score.psi > psi ? [SCORE] : [])] };
}

/** Once for each champion, once more when it drifts again after it did not, and each time it has gone on for so long. */
export function driftFires(
  before: unknown,
  { version, drifted }: DriftSeen,
  goesOn: { sinceMs: number; againMs: number },
) {
  const known = before as DriftSeen | undefined;
  const isKnown = known?.version === version && known.drifted.length > 0;
  return drifted.length > 0 && (!isKnown || goesOn.sinceMs >= goesOn.againMs);
}

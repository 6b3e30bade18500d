import type { Database, RegisteredModel } from '@datacraft/engine';
import { listPromotions, listRollouts, loadModelVersions, loadRollout } from '@datacraft/engine';
import type { ModelInfo, ModelListing } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Scorers } from './scorers.ts';

/** All that is told of one version of a model. */
export async function infoOf(db: Database, scorers: Scorers, name: string, asked: string): Promise<ModelInfo> {
  const { version, scorer } = await scorers.open(name, asked);
  const versions = await loadModelVersions(db, name);
  const model = versions.find((each) => each.version === version);
  if (model === undefined)
    throw new Fault('not-found', say('the model {name} has no version {version}', { name, version }));
  return {
    ...listingOf(model),
    aliases: Object.fromEntries(versions.flatMap((each) => each.aliases.map((alias) => [alias, each.version]))),
    classes: scorer.classes,
    decision: scorer.decision,
    lookups: scorer.lookups,
    features: scorer.inputs,
    schema: scorer.schema,
    report: model.report,
    versions: versions.map(({ name: _, relation: __, notebookId: ___, spec: ____, report: _____, ...each }) => each),
    rollout: await loadRollout(db, name, model.task),
    rollouts: await listRollouts(db, name, model.task),
    promotions: await listPromotions(db, name),
  };
}

export function listingOf(model: RegisteredModel): ModelListing {
  const { name, relation, notebookId, task, algorithm, version, metrics, createdAt, report } = model;
  return { name, relation, notebookId, task, algorithm, target: report.target, version, metrics, createdAt };
}

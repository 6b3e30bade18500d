import type { ScoredRow } from '@datacraft/engine';
import { loadModelVersions } from '@datacraft/engine';
import type { ModelDrift } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { LatestPredictions } from './latest-predictions.ts';
import type { Registry } from './registry.ts';
import type { OpenedModel } from './scorers.ts';

/** What was asked lies beside the rows that a version learned from; `lately` says what that is. */
export async function driftNow(
  { db, scorers }: Pick<Registry, 'db' | 'scorers'>,
  name: string,
  asked: string,
  lately: (opened: OpenedModel) => Promise<LatestPredictions>,
): Promise<ModelDrift> {
  const opened = await scorers.open(name, asked);
  const { version, scorer } = opened;
  const model = (await loadModelVersions(db, name)).find((each) => each.version === version);
  const lay = model?.report.lay;
  if (lay === undefined) {
    const message = say(
      'version {version} of {name} was trained before drift was measured: run its notebook with fullRefresh to train it again',
      { version, name },
    );
    throw new Fault('unsupported', message, { model: name });
  }
  const latest = await lately(opened);
  const found = scorer.drift(lay, latest.rows as readonly ScoredRow[]);
  if (found === null)
    throw new Fault('unsupported', say('{name} is a forecast: nothing it is asked can drift', { name }), {
      model: name,
    });
  return { model: name, version, rows: latest.rows.length, from: latest.from, to: latest.to, ...found };
}

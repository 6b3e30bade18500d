import type { Database, ScoredRow } from '@datacraft/engine';
import { loadModelVersions } from '@datacraft/engine';
import type { ModelDrift } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { latestPredictions } from './latest-predictions.ts';
import type { Scorers } from './scorers.ts';

/** The latest predictions of a version beside the rows that it learned from. */
export async function driftNow(
  db: Database,
  scorers: Scorers,
  name: string,
  asked: string,
  last: number,
): Promise<ModelDrift> {
  const { version, scorer } = await scorers.open(name, asked);
  const model = (await loadModelVersions(db, name)).find((each) => each.version === version);
  const lay = model?.report.lay;
  if (lay === undefined) {
    const message = say(
      'version {version} of {name} was trained before drift was measured: run its notebook with fullRefresh to train it again',
      { version, name },
    );
    throw new Fault('unsupported', message, { model: name });
  }
  const latest = await latestPredictions(db, name, version, last);
  const found = scorer.drift(lay, latest.rows as readonly ScoredRow[]);
  if (found === null)
    throw new Fault('unsupported', say('{name} is a forecast: nothing it is asked can drift', { name }), {
      model: name,
    });
  return { model: name, version, rows: latest.rows.length, from: latest.from, to: latest.to, ...found };
}

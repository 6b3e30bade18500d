import type { Database, Scorer } from '@datacraft/engine';
import { endRollout, loadModelVersions, setRollout } from '@datacraft/engine';
import type { Rollout } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Scorers } from './scorers.ts';

/** Sets or changes what runs beside a model's champion, if it can be asked the same. The audit has it, or it is not set. */
export async function rollOut(
  { db, scorers }: { readonly db: Database; readonly scorers: Scorers },
  name: string,
  rollout: Rollout,
  by: string | null,
): Promise<void> {
  const { version } = rollout;
  const champion = await scorers.open(name, 'champion');
  if (champion.version === version) {
    const message = say('version {version} of {name} is the champion and answers already: choose another', {
      version,
      name,
    });
    throw new Fault('conflict', message, { model: name });
  }
  const versions = await loadModelVersions(db, name);
  const own = versions.find((each) => each.version === version);
  const first = versions.find((each) => each.version === champion.version);
  if (own === undefined || first === undefined)
    throw new Fault('not-found', say('the model {name} has no version {version}', { name, version }), { model: name });
  const { scorer } = await scorers.open(name, String(version));
  if (own.report.target !== first.report.target || own.task !== first.task)
    throw new Fault(
      'conflict',
      say('version {version} of {name} predicts something else than the champion: promote it instead', {
        version,
        name,
      }),
      { model: name },
    );
  refuseOtherInputs(name, version, champion.scorer, scorer);
  const isSet = await db.transaction(async (tx) => {
    const set = await setRollout(tx, name, rollout, { champion: champion.version, by });
    if (set) await audit(tx, by, 'model-rollout', name, { ...rollout });
    return set;
  });
  if (!isSet)
    throw new Fault('conflict', say('the champion of {name} has just changed: look at it, and try again', { name }), {
      model: name,
    });
}

/** Ends what runs beside a model's champion, as the audit tells. */
export async function stopRollout(db: Database, name: string, by: string | null): Promise<void> {
  const ended = await db.transaction(async (tx) => {
    const rollout = await endRollout(tx, name);
    if (rollout !== null) await audit(tx, by, 'model-rollout-end', name, { ...rollout });
    return rollout;
  });
  if (ended !== null) return;
  const message = say('no version of {name} runs beside its champion: there is nothing to end', { name });
  throw new Fault('not-found', message, { model: name });
}

/** What either of the two wants and the other does not, or wants in another way. */
function refuseOtherInputs(name: string, version: number, champion: Scorer, other: Scorer): void {
  const [asked, wanted] = [wantsOf(champion), wantsOf(other)];
  const fields = [...new Set([...asked.keys(), ...wanted.keys()])].filter(
    (each) => asked.get(each) !== wanted.get(each),
  );
  if (fields.length === 0) return;
  const message = say(
    'version {version} of {name} wants other inputs than the champion ({fields}): promote it instead, or train it with the same ones',
    { version, name, fields: fields.join(', ') },
  );
  throw new Fault('conflict', message, { model: name });
}

/** By field: its kind, and the table where it is looked up. */
function wantsOf({ inputs, lookups }: Scorer): ReadonlyMap<string, string> {
  const from = ({ name }: { readonly name: string }) =>
    lookups.filter(({ features }) => features.includes(name)).map(({ relation, entity }) => [relation, ...entity]);
  return new Map(inputs.map((input) => [input.name, JSON.stringify([input.kind, from(input)])]));
}

/** A branch's model is not asked by anybody yet: what main's model of that name is asked tells what it would meet. */
import { loadModelVersions } from '@datacraft/engine';
import type { Database, Scorer } from '@datacraft/engine';
import { Fault, isFault, say } from '@datacraft/shared';
import type pg from 'pg';
import { permission } from '../auth/permission.ts';
import type { Principal } from '../auth/principal.ts';
import type { LatestPredictions } from './latest-predictions.ts';
import { latestPredictions } from './latest-predictions.ts';
import type { OpenedModel } from './scorers.ts';

export interface MainModel {
  readonly pool: pg.Pool;
  readonly db: Database;
  readonly by: Principal;
  readonly name: string;
}

/** What main was asked last, as `opened` would answer; nothing where main's model is none of `by`'s business. */
export async function askedOnMain(
  { pool, db, by, name }: MainModel,
  last: number,
  opened: OpenedModel,
): Promise<LatestPredictions> {
  const [model] = await loadModelVersions(db, name);
  const { notebookId = null } = model ?? {};
  const isSeen = model !== undefined && (notebookId === null || (await permission(pool, by, notebookId)) !== null);
  if (!isSeen) return { rows: [], from: null, to: null };
  return answeredBy(opened, name, await latestPredictions(db, name, null, last));
}

/** Those that a model cannot answer are left out; fields that it does not know do not matter to it. */
export function answeredBy(
  { scorer, version }: OpenedModel,
  name: string,
  asked: LatestPredictions,
): LatestPredictions {
  const known = new Set(scorer.inputs.map((input) => input.name));
  const inputs = asked.rows.map(({ input }) => only(known, input));
  const answers = answersTo(scorer, inputs);
  const rows = inputs.flatMap((input, at) => {
    const answer = answers[at];
    return answer === undefined || isFault(answer) ? [] : [{ input, answer }];
  });
  const refused = answers.find((answer) => isFault(answer));
  if (rows.length > 0 || refused === undefined) return { ...asked, rows };
  const message = say('version {version} of {name} can answer nothing that its notebook’s model was asked: {why}', {
    version,
    name,
    why: refused.message,
  });
  throw new Fault('unsupported', message, { model: name });
}

type Answer = ReturnType<Scorer['predict']>[number];

/** All at once, or one by one where some do not fit. */
function answersTo(scorer: Scorer, inputs: readonly unknown[]): readonly (Answer | Fault)[] {
  try {
    return scorer.predict(inputs);
  } catch (error) {
    if (!isFault(error, 'bad-request')) throw error;
    if (inputs.length === 1) return [error];
    return inputs.flatMap((input) => answersTo(scorer, [input]));
  }
}

function only(known: ReadonlySet<string>, input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(Object.entries(input).filter(([key]) => known.has(key)));
}

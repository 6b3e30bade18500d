import { setImmediate } from 'node:timers/promises';
import type { Prediction, Scorer, StandingRollout } from '@datacraft/engine';
import { entityKey } from '@datacraft/engine';
import { isChosen } from '@datacraft/shared';
import type { Scorers, Standing } from './scorers.ts';

/** Scored before others have their turn. */
const CHUNK = 200;

/** A row's answer, and what the version said of it that was not heard. */
export interface Spoken {
  readonly version: number;
  readonly answer: Prediction;
  readonly beside: { readonly version: number; readonly answer: Prediction } | null;
}

/** Told of a version that could not be opened. */
type OnFailure = (error: unknown) => void;

/**
 * The answers to rows: the champion's, and the canary's to those that it is given and can score. The champion scores all
 * of them, so that it stands in at once, refuses what it always refuses, and is compared. `given` is what was sent.
 */
export async function spokenOf(
  scorers: Pick<Scorers, 'open'>,
  name: string,
  { version, scorer, rollout }: Standing,
  { given, rows }: { readonly given: readonly unknown[]; readonly rows: readonly unknown[] },
  onFailure: OnFailure,
): Promise<Spoken[]> {
  const spoken = scorer.predict(rows).map((answer): Spoken => ({ version, answer, beside: null }));
  if (rollout?.mode !== 'canary') return spoken;
  const chosen = chosenRows(name, scorer, rollout, given);
  const said = await scoredBy(
    scorers,
    name,
    rollout.version,
    chosen.map((at) => rows[at]),
    onFailure,
  );
  for (const [which, at] of chosen.entries()) {
    const [own, champion] = [said[which], spoken[at]];
    if (own && champion)
      spoken[at] = { version: rollout.version, answer: own, beside: { version, answer: champion.answer } };
  }
  return spoken;
}

/** Places of the rows that a rollout is given: by their entity, or by all that was sent of them where there is none. */
export function chosenRows(
  name: string,
  { lookups }: Pick<Scorer, 'lookups'>,
  { percent }: Pick<StandingRollout, 'percent'>,
  rows: readonly unknown[],
): number[] {
  return [...rows.keys()].filter((at) => isChosen(name, entityOf(lookups, rows[at]), percent));
}

function entityOf(lookups: Scorer['lookups'], row: unknown): string {
  if (typeof row !== 'object' || row === null) return JSON.stringify(row);
  const fields = row as Readonly<Record<string, unknown>>;
  const entity = lookups[0] === undefined ? null : entityKey(lookups[0].entity, fields);
  return entity ?? JSON.stringify(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What a version says of rows, null of those that it cannot score: one of them does not stand in the others' way. */
export async function scoredBy(
  scorers: Pick<Scorers, 'open'>,
  name: string,
  version: number,
  rows: readonly unknown[],
  onFailure: OnFailure,
): Promise<(Prediction | null)[]> {
  if (rows.length === 0) return [];
  const opened = await scorers.open(name, String(version)).catch((error: unknown) => void onFailure(error));
  if (opened === undefined) return rows.map(() => null);
  const found: (Prediction | null)[] = [];
  for (let from = 0; from < rows.length; from += CHUNK) {
    if (from > 0) await setImmediate();
    found.push(...partBy(opened.scorer, rows.slice(from, from + CHUNK)));
  }
  return found;
}

function partBy(scorer: Scorer, rows: readonly unknown[]): (Prediction | null)[] {
  try {
    return scorer.predict(rows);
  } catch {
    // Which one it was is found by asking again; the champion's answer stands, and the caller counts it.
    return rows.length > 1 ? rows.flatMap((row) => partBy(scorer, [row])) : [null];
  }
}

/**
 * A version beside the champion: in the shadow it scores what is asked and is not heard, as a canary it answers a part.
 *
 * R1  The same entity is given the same version as long as the percentage stands.
 * R2  A larger percentage adds entities and takes none away.
 */
import type { ModelTask } from '../document/spec/model.ts';

export const rolloutModes = ['shadow', 'canary'] as const;
export type RolloutMode = (typeof rolloutModes)[number];

export interface Rollout {
  readonly version: number;
  readonly mode: RolloutMode;
  /** Of what is asked of the model: that much it answers, or scores in the shadow. */
  readonly percent: number;
}

/** What a rollout came to so far, in rows. */
export interface RolloutCounts {
  readonly asked: number;
  /** By the version itself: of a shadow always 0. */
  readonly answered: number;
  /** Scored by both versions. */
  readonly compared: number;
  readonly agreed: number;
  /** Sum of what the two predictions differ by, where both are numbers. */
  readonly difference: number;
  /** Of those compared, the ones that both versions decided. */
  readonly decided: number;
  readonly decidedOtherwise: number;
  /** The version could not score them; the champion answered. */
  readonly errors: number;
  /** Left out of the shadow because more came than could be scored. */
  readonly dropped: number;
}

/** As `GET /api/v1/models/{name}` tells it. */
export interface RunningRollout extends Rollout, RolloutCounts {
  readonly by: string | null;
  readonly since: string;
  /** Share of what was compared; null before anything was, and of numbers. */
  readonly agreement: number | null;
  /** Of numbers: the mean of what the predictions differ by. */
  readonly meanDifference: number | null;
  /** Why the version could not be opened, and when last; the champion answered alone. */
  readonly failure: string | null;
  readonly failedAt: string | null;
}

/** One that is over: its version became the champion, or it was ended by hand, by another one or by another champion. */
export interface EndedRollout extends RunningRollout {
  readonly until: string;
  readonly outcome: 'promoted' | 'ended';
}

type Answer = Readonly<Record<string, unknown>>;

/** Whether an entity is among the `percent` of a model's entities. */
export function isChosen(model: string, entity: string, percent: number): boolean {
  return pointOf(`${model}\n${entity}`) < percent / 100;
}

/** Answers of two versions for the same rows, held against each other. */
export function compareAnswers(pairs: readonly (readonly [Answer, Answer])[]): Partial<RolloutCounts> {
  const both = pairs.filter(([one, other]) => isText(one['decision']) && isText(other['decision']));
  return {
    compared: pairs.length,
    agreed: pairs.filter(([one, other]) => one['prediction'] === other['prediction']).length,
    difference: pairs.reduce((sum, [one, other]) => sum + distance(one['prediction'], other['prediction']), 0),
    decided: both.length,
    decidedOtherwise: both.filter(([one, other]) => one['decision'] !== other['decision']).length,
  };
}

/** What the counts say of a model of that task. */
export function comparisonOf(
  task: ModelTask,
  { compared, agreed, difference }: RolloutCounts,
): Pick<RunningRollout, 'agreement' | 'meanDifference'> {
  if (compared === 0) return { agreement: null, meanDifference: null };
  return task === 'regression' || task === 'forecast'
    ? { agreement: null, meanDifference: difference / compared }
    : { agreement: agreed / compared, meanDifference: null };
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function distance(one: unknown, other: unknown): number {
  const apart = typeof one === 'number' && typeof other === 'number' ? Math.abs(one - other) : 0;
  return Number.isFinite(apart) ? apart : 0;
}

/** From 0 to 1: FNV-1a with the last mixing of MurmurHash3, without which names that end alike lie close together. */
function pointOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

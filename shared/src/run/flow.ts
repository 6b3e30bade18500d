import type { StreamSummary } from '../protocol/stream.ts';
import { lagOf } from './stream-lag.ts';

/** From the best to the worst. */
export const flowStates = ['live', 'paused', 'delayed', 'away', 'broken', 'stopped'] as const;

/**
 * What a stream does, in words that anybody may hear: `away` its source is not reachable, `delayed` nobody reads it or a
 * commit is tried again, `broken` what is shown could not be made of the newest rows, `stopped` by what does not pass.
 */
export interface Flow {
  readonly state: (typeof flowStates)[number];
  /** Since when; null while it is live, or where that is not known. */
  readonly since: string | null;
  /** Of one that stopped: somebody got a message about it. */
  readonly told?: boolean;
}

/** A runner that was just asked for has so long to begin. */
const BEGINS_WITHIN_MS = 5_000;

type Looked = Pick<
  StreamSummary,
  'state' | 'stateSince' | 'running' | 'commitMs' | 'progress' | 'lastCommitAt' | 'startedAt'
>;

export function flowOf(stream: Looked, nowMs: number): Flow {
  const { state, stateSince, startedAt, progress } = stream;
  if (state === 'paused') return { state: 'paused', since: stateSince };
  if (state === 'failed') return { state: 'stopped', since: stateSince };
  if (progress.waiting !== undefined)
    return { state: progress.isAway === true ? 'away' : 'delayed', since: progress.waitingSince ?? null };
  const { isLive, since } = lagOf(stream, nowMs);
  const beganAt = Math.max(Date.parse(stateSince), Date.parse(startedAt));
  if (isLive || nowMs - beganAt < BEGINS_WITHIN_MS) return { state: 'live', since: null };
  return { state: 'delayed', since };
}

/** The worst of several, since it first was so; null of none. */
export function worstFlow(flows: readonly Flow[]): Flow | null {
  const rank = ({ state }: Flow) => flowStates.indexOf(state);
  const [worst] = flows.toSorted((a, b) => rank(b) - rank(a) || (a.since ?? '').localeCompare(b.since ?? ''));
  if (worst === undefined) return null;
  const isToldOfAll = flows.every(({ state, told }) => state !== worst.state || told === true);
  return worst.told === undefined ? worst : { ...worst, told: isToldOfAll };
}
